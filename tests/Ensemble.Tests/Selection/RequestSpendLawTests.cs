using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection;

/// <summary>
/// What one request is billed by all members that it reached never exceeds its ceiling. The members bill here, by themselves, all that
/// a provider could: every byte as a token and every answer to its limit, also when they break, hang or lose a race.
/// </summary>
internal sealed class RequestSpendLawTests
{
    private const int ImageTokens = 700;

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private enum Deed
    {
        Answers,
        AnswersLate,
        Refuses,
        IsEmpty,
        IsEmptyInSilence,
        Breaks,
        BreaksInTheMiddle,
        Hangs,
    }

    private static readonly Gen<(Deed Deed, int Rate, int Own, int? Limit)> Members = Gen.Select(
        Gen.Enum<Deed>(), Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[0, 4].Select(limit => limit switch { 0 => (int?)300, 1 => 50_000, _ => null }));

    [Test]
    public void WhatOneRequestIsBilled_NeverExceedsItsCeiling_WhateverItsMembersDo()
    {
        int several = 0, refused = 0;
        Gen.Select(Members.Array[2, 4], Gen.Int[5, 200], Gen.Int[0, 3], Gen.Int[0, 4], Gen.Bool, Gen.Bool).Sample(
            (deeds, ceiling, attached, limit, streaming, hedges) =>
            {
                decimal usd = ceiling / 10_000m;
                VirtualTime time = new();
                BillingClient[] clients = [.. deeds.Select(deed => new BillingClient(deed.Deed, time))];
                RouterChatClient router = Router(deeds, clients, usd, hedges, time);
                try
                {
                    if (hedges)
                    {
                        // One answer must be known before a member is hedged; that one is no part of the law.
                        time.Run(() => Task.WhenAll(clients.Select((client, i) => router.AskAsync(streaming, "x", new ChatOptions { ModelId = "m" + i, MaxOutputTokens = 1 }))));
                    }
                }
                catch (EnsembleException)
                {
                    // Whoever cannot be paid is not hedged either.
                }

                foreach (BillingClient client in clients)
                {
                    client.Begin();
                }

                ChatMessage message = new(ChatRole.User, [new TextContent("What is this? 이것은?"), .. Attached(attached)]);
                ChatOptions options = new() { MaxOutputTokens = limit switch { 0 => 100, 1 => 1_000, _ => null } };
                try
                {
                    _ = time.Run(() => streaming ? router.GetStreamingResponseAsync([message], options).ToChatResponseAsync() : router.GetResponseAsync([message], options));
                }
                catch (EnsembleException error)
                {
                    refused += error is BudgetExceededException ? 1 : 0;
                }

                decimal billed = clients.Select((client, i) => client.BilledTokens is var (input, output) ? ((input * Rate(deeds[i].Rate)) + (output * 4 * Rate(deeds[i].Rate))) / 1_000_000m : 0).Sum();
                several += clients.Count(client => client.BilledTokens.Output > 0) > 1 ? 1 : 0;
                Assert.That(billed, Is.LessThanOrEqualTo(usd), $"{string.Join(", ", deeds)}: {string.Join(", ", clients.Select(client => client.BilledTokens))}");
            },
            iter: 400,
            threads: 1);

        // The law would be empty if no request were ever billed twice, or none ever ran out.
        Assert.That(several, Is.GreaterThan(10));
        Assert.That(refused, Is.GreaterThan(10));
    }

    [Test]
    public void WhatOneRequestIsBilled_NeverExceedsWhatItMayCost_InAnyComposition()
    {
        int several = 0, judged = 0, refused = 0;
        Gen.Select(Members.Array[4], Gen.Int[0, 5], Gen.Int[5, 400], Gen.Int[0, 2], Gen.Bool).Sample(
            (deeds, kind, ceiling, limit, streaming) =>
            {
                decimal usd = ceiling / 10_000m;
                VirtualTime time = new();
                EnsembleRuntime runtime = new() { TimeProvider = time };
                BillingClient[] clients = [.. deeds.Select((deed, i) => new BillingClient(Does(deed.Deed, kind, i), time, i % 2 == 0 ? "yes" : "no"))];
                Member[] members = [.. clients.Select((client, i) => new Member("m" + i, client.AsModel(Known(deeds[i].Rate, i), runtime)))];
                IChatClient composition = Compose(kind, members, runtime);
                if (kind == 5)
                {
                    // One answer must be known before a member is hedged; that one is no part of the law.
                    time.Run(() => Task.WhenAll(members.Select(member => composition.AskAsync(streaming, "x", new ChatOptions { ModelId = member.Name, MaxOutputTokens = 1 }))));
                }

                foreach (BillingClient client in clients)
                {
                    client.Begin();
                }

                ChatMessage[] messages = [new(ChatRole.User, "What is this? 이것은?")];
                ChatOptions options = new ChatOptions { MaxOutputTokens = limit switch { 0 => 100, 1 => 1_000, _ => null } }.WithEnsemble(request => request with { MaxUsd = usd });
                try
                {
                    _ = time.Run(() => streaming ? composition.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : composition.GetResponseAsync(messages, options));
                }
                catch (EnsembleException error)
                {
                    refused += BudgetExceededException.Behind(error) is not null ? 1 : 0;
                }

                decimal billed = clients.Select((client, i) => client.BilledTokens is var (input, output) ? ((input * Rate(deeds[i].Rate)) + (output * 4 * Rate(deeds[i].Rate))) / 1_000_000m : 0).Sum();
                several += clients.Count(client => client.BilledTokens.Output > 0) > 1 ? 1 : 0;
                judged += kind <= 1 && clients[3].BilledTokens.Output > 0 ? 1 : 0;
                Assert.That(billed, Is.LessThanOrEqualTo(usd), $"{kind}, {limit}: {string.Join(", ", deeds)}: {string.Join(", ", clients.Select(client => client.BilledTokens))}");
            },
            iter: 400,
            threads: 1);

        // The law would be empty if nobody were ever asked beside another, no judge, and nobody refused.
        Assert.That(several, Is.GreaterThan(10));
        Assert.That(judged, Is.GreaterThan(3));
        Assert.That(refused, Is.GreaterThan(3));
    }

    // A ledger books of a stream that broke what had come of it, as providers bill it; the harsher reckoning here is that of the ceilings of routes.
    private static Deed Does(Deed deed, int kind, int i) => kind <= 1 && i < 2 ? Deed.Answers : deed == Deed.BreaksInTheMiddle ? Deed.Breaks : deed;

    private static IChatClient Compose(int kind, Member[] m, EnsembleRuntime runtime)
    {
        RouterOptions routing = new() { AttemptTimeout = TimeSpan.FromSeconds(10), ContinueInterrupted = true, LongestWait = TimeSpan.Zero };
        PanelOptions judged = new() { Choices = ["yes", "no"], Judge = "m3", AttemptTimeout = TimeSpan.FromSeconds(10) };
        CascadeOptions cascading = new();
        cascading.DeferBelow.ValidJson = true;
        cascading.Routing.AttemptTimeout = TimeSpan.FromSeconds(10);
        return kind switch
        {
            0 => new PanelChatClient("panel", [m[0], m[1], m[3]], judged, runtime),
            1 => new RouterChatClient("route", [new Member("panel", new PanelChatClient("panel", [m[0], m[1], m[3]], judged, runtime)), m[2]], routing, runtime),
            2 => new CascadeChatClient("cascade", m, cascading, runtime),
            5 => new RouterChatClient("hedged", m, new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(10), ContinueInterrupted = true, LongestWait = TimeSpan.Zero, Hedging = new HedgingOptions { MinimumSamples = 1, ShortestDelay = TimeSpan.FromMilliseconds(50) } }, runtime),
            3 => new PanelChatClient("panel", [new Member("a", new RouterChatClient("a", [m[0], m[1]], routing, runtime)), new Member("b", new RouterChatClient("b", [m[2], m[3]], routing, runtime))], new() { Choices = ["yes", "no"] }, runtime),
            _ => new RouterChatClient("route", [new Member("cascade", new CascadeChatClient("cascade", [m[0], m[1]], cascading, runtime)), m[2], m[3]], routing, runtime),
        };
    }

    private static SelectionMember Known(int rate, int i) => new()
    {
        Name = "m" + i,
        Card = new ModelCard { Id = "m" + i, ContextWindow = 1_000_000, MaxOutputTokens = 60_000, Price = new Price { InputPerMillion = Rate(rate), OutputPerMillion = 4 * Rate(rate) } },
        Deployments = [new Deployment { Name = "m" + i }],
    };

    private static decimal Rate(int rate) => 0.5m + rate;

    private static AIContent[] Attached(int kind) => kind switch
    {
        1 => [new DataContent(Encoding.UTF8.GetBytes(new string('a', 2_000)), "text/plain")],
        2 => [new DataContent(new byte[100], "image/png"), new DataContent(new byte[3], "image/png")],
        _ => [],
    };

    private static RouterChatClient Router((Deed Deed, int Rate, int Own, int? Limit)[] deeds, BillingClient[] clients, decimal usd, bool hedges, VirtualTime time)
    {
        IReadOnlyList<Member> members = Member.Create(
            deeds.Select((deed, i) => new MemberOptions
            {
                Model = "m" + i,
                MaxOutputTokens = deed.Limit,
                System = deed.Own == 1 ? new string('s', 900) : null,
                Examples = deed.Own == 2 ? [new ChatExample("What is it?", new string('e', 700))] : [],
            }),
            name => clients[int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture)]);
        SelectionMember[] known =
        [
            .. deeds.Select((deed, i) => new SelectionMember
            {
                Name = "m" + i,
                Card = new ModelCard
                {
                    Id = "m" + i,
                    ContextWindow = 1_000_000,
                    MaxOutputTokens = 60_000,
                    ImageTokens = ImageTokens,
                    Capabilities = ModelCapabilities.Vision | ModelCapabilities.Documents,
                    Price = new Price { InputPerMillion = Rate(deed.Rate), OutputPerMillion = 4 * Rate(deed.Rate) },
                },
                Deployments = [new Deployment { Name = "m" + i }],
            }),
        ];
        RouterOptions options = new()
        {
            AttemptTimeout = TimeSpan.FromSeconds(10),
            ContinueInterrupted = true,
            Hedging = hedges ? new HedgingOptions { MinimumSamples = 1, ShortestDelay = TimeSpan.FromMilliseconds(50) } : null,
            Selection = new() { Members = known, Requirements = new() { MaxUsd = usd } },
        };
        return new RouterChatClient("main", members, options, new EnsembleRuntime { TimeProvider = time });
    }

    /// <summary>A provider that counts and bills by itself; before it begins it only answers.</summary>
    private sealed class BillingClient(Deed deed, TimeProvider time, string says = "yes") : IChatClient
    {
        private bool _hasBegun;
        private long _input;
        private long _output;

        public (long Input, long Output) BilledTokens => (_input, _output);

        public void Begin() => _hasBegun = true;

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            await PlayAsync(messages, options, streams: false, cancellationToken).ToChatResponseAsync(cancellationToken);

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            PlayAsync(messages, options, streams: true, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

        public void Dispose()
        {
        }

        private async IAsyncEnumerable<ChatResponseUpdate> PlayAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, bool streams, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Deed does = _hasBegun ? deed : Deed.Answers;
            if (does == Deed.Refuses)
            {
                throw new HttpRequestException("no", null, HttpStatusCode.ServiceUnavailable);
            }

            long input = messages.Sum(message => 4 + message.Contents.Sum(Tokens));
            long output = options?.MaxOutputTokens ?? 60_000;
            if (_hasBegun)
            {
                _input += input;
                _output += output;
            }

            if (does == Deed.Hangs)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            if (does == Deed.AnswersLate)
            {
                await Task.Delay(Late, time, cancellationToken);
            }

            if (does == Deed.Breaks || (does == Deed.BreaksInTheMiddle && !streams))
            {
                throw new InvalidOperationException("broke");
            }

            if (does is Deed.Answers or Deed.AnswersLate or Deed.BreaksInTheMiddle)
            {
                yield return new ChatResponseUpdate(ChatRole.Assistant, says);
            }

            if (does == Deed.BreaksInTheMiddle)
            {
                throw new HttpRequestException("overloaded", null, HttpStatusCode.ServiceUnavailable);
            }

            if (does != Deed.IsEmptyInSilence)
            {
                yield return new ChatResponseUpdate { Contents = [new UsageContent(new UsageDetails { InputTokenCount = input, OutputTokenCount = output })] };
            }

            yield return new ChatResponseUpdate { Role = ChatRole.Assistant, FinishReason = ChatFinishReason.Stop };
        }

        private static long Tokens(AIContent content) => content switch
        {
            TextContent text => Encoding.UTF8.GetByteCount(text.Text),
            DataContent data when data.HasTopLevelMediaType("image") => ImageTokens,
            DataContent data => data.Data.Length,
            _ => 0,
        };
    }
}
