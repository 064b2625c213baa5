using System.Runtime.CompilerServices;
using System.Text.Json;
using CsCheck;
using Ensemble.Testing;
using Ensemble.Tests.Selection;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A repair is a further call: it takes one of the attempts of the request, and what it can cost from the price ceiling.</summary>
public class RepairLimitTests
{
    private const int Output = 100;

    private static readonly Price Price = new() { InputPerMillion = 1m, OutputPerMillion = 10m };
    private static readonly ChatOptions Structured = new()
    {
        MaxOutputTokens = Output,
        ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
    };

    [Test]
    public async Task Repair_TakesAnAttempt([Values("model", "route", "limit of the route", "turns")] string kind, [Values(1, 2, 3)] int attempts, [Values] bool streaming)
    {
        Leaf leaf = new(Usage(20, 20)), spare = new(Usage(20, 20));
        IChatClient client = kind switch
        {
            "model" => leaf.AsModel("mini", Price),
            "turns" => leaf.AsModel("mini", Price).AsBuilder().UseEnsembleRequest().Build(),
            _ => new RouterChatClient("main", [new Member("mini", leaf.AsModel("mini", Price)), new Member("spare", spare.AsModel("spare", Price))], new RouterOptions { MaxAttempts = kind == "limit of the route" ? attempts : null }),
        };
        ChatOptions options = kind == "limit of the route" ? Structured : Structured.WithEnsemble(request => request with { MaxAttempts = attempts });
        Exception? error = await AskAsync(client, streaming, options);
        Assert.That(error is null, Is.EqualTo(attempts > 1));
        Assert.That(leaf.Calls + spare.Calls, Is.EqualTo(Math.Min(attempts, 2)));
    }

    [Test]
    public async Task AttemptThatARepairTook_IsMissingForTheNextMember([Values] bool streaming)
    {
        Leaf leaf = new(Usage(20, 20)) { IsHopeless = true }, spare = new(Usage(20, 20));
        RouterChatClient router = new("main", [new Member("mini", leaf.AsModel("mini", Price)), new Member("spare", spare.AsModel("spare", Price))], new RouterOptions { MaxAttempts = 2 });
        Assert.That(await AskAsync(router, streaming, Structured), Is.TypeOf<AllMembersFailedException>().With.Message.Contains("no attempt is left"));
        Assert.That((leaf.Calls, spare.Calls), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task CallersWhoAllowNoFurtherCall_TakeNoDeploymentOut([Values("repair", "repair under a ceiling", "turn")] string kind, [Values] bool streaming)
    {
        Leaf leaf = new(Usage(20, 20));
        ScriptedMember looping = new ScriptedMember("mini").Always(_ => AnswerScript.ToolCall("1", "clock"));
        IChatClient model = kind == "turn" ? looping.AsModel("mini").AsBuilder().UseEnsembleRequest().UseFunctionInvocation().Build() : leaf.AsModel(Described("mini"));
        RouterChatClient router = new("main", [new Member("mini", model)], new RouterOptions());
        ChatOptions options = kind == "turn" ? new ChatOptions { Tools = [AIFunctionFactory.Create(() => 12, "clock")] } : Structured;
        EnsembleRequest limits = kind == "repair under a ceiling" ? new() { Requirements = new() { MaxUsd = 0.0014m } } : new() { MaxAttempts = 1 };
        for (int i = 0; i < 4; i++)
        {
            Exception? error = await AskAsync(router, streaming, options.WithEnsemble(request => request with { MaxAttempts = limits.MaxAttempts, Requirements = limits.Requirements }));
            Assert.That(error, Is.InstanceOf<EnsembleException>().And.Message.Not.Contains("it is out"));
        }

        Assert.That(leaf.Calls + looping.Counters.Calls, Is.EqualTo(4));
        looping.Next(AnswerScript.Text("Yes."));
        Assert.That(await AskAsync(router, streaming, kind == "turn" ? new ChatOptions() : Structured), Is.Null, "whoever allows it is answered at once");
    }

    [Test]
    public async Task WithoutLimits_NothingGoesWithTheOptions([Values] bool streaming)
    {
        Leaf leaf = new(Usage(20, 20));
        Assert.That(await AskAsync(leaf.AsModel("mini", Price), streaming, Structured), Is.Null);
        Assert.That((leaf.Calls, leaf.Options!.AdditionalProperties), Is.EqualTo((2, (AdditionalPropertiesDictionary?)null)));
    }

    [Test]
    public async Task WhatLimitsRepairs_IsNoPartOfACachesKey_AndNothingForAnSdk()
    {
        Leaf leaf = new(Usage(20, 20));
        _ = await AskAsync(leaf.AsModel("mini", Price), streaming: false, Structured.WithEnsemble(request => request with { MaxAttempts = 2 }));
        Assert.That(JsonSerializer.Serialize(leaf.Options!.AdditionalProperties![FurtherCall.Key], AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(object))), Is.EqualTo("{}"));
        Assert.That(FurtherCall.Remove(leaf.Options)!.AdditionalProperties, Is.Empty);
        Assert.That(FurtherCall.Remove(Structured), Is.SameAs(Structured));
    }

    [Test]
    public void NoRepair_PassesThePriceCeiling([Values("model", "route", "choosing", "middleware")] string kind, [Values] bool streaming) =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, Output], Gen.Int[900, 5000], Gen.Bool).Sample(
            (input, output, ceiling, reports) =>
            {
                Leaf leaf = new(reports ? Usage(input, output) : null);
                decimal usd = ceiling / 1_000_000m;
                IChatClient model = leaf.AsModel(Described("mini"));
                IChatClient client = kind switch
                {
                    "model" => model,
                    "route" => new RouterChatClient("main", [new Member("mini", model)]),
                    "choosing" => new RouterChatClient("main", [new Member("mini", model)], new RouterOptions { Selection = new() }),
                    _ => new RouterChatClient("main", [new Member("mini", model.AsBuilder().UseFunctionInvocation().Build())], new RouterOptions { Selection = new() }),
                };
                Exception? error = AskAsync(client, streaming, Structured.WithEnsemble(request => request with { Requirements = new() { MaxUsd = usd } })).Result;
                if (leaf.Calls == 0)
                {
                    Assert.That(error, Is.InstanceOf<NoEligibleModelException>().With.Message.Contains("could cost more"), "one call alone");
                    Assert.That(usd, Is.LessThan(0.0013m));
                    return;
                }

                // What the leaf may be billed at most: the first call as reported, or its bound, and the bound of the second.
                decimal one = CostBounds.UpperUsd(Price, 60, Output)!.Value;
                Assert.That(leaf.Calls, Is.LessThanOrEqualTo(2));
                Assert.That(leaf.Calls == 2, Is.EqualTo(error is null));
                Assert.That(leaf.Calls < 2 || (reports ? Price.CostUsd(input, output)!.Value : 0) + (Output * 10m / 1_000_000) <= usd, Is.True, $"{leaf.Calls} calls under ${usd}, of which one can cost ${one}");
                Assert.That(leaf.Calls == 2 || usd < 4 * one, Is.True, "a ceiling that pays for both refuses none");
            },
            iter: 60, threads: 1);

    [Test]
    public async Task WhatARepairTook_IsMissingFromTheCeilingOfTheNextMember([Values] bool streaming)
    {
        Leaf leaf = new(Usage(30, Output)) { IsHopeless = true }, spare = new(Usage(30, 30));
        Member[] members = [.. new[] { ("mini", leaf), ("spare", spare) }.Select(one => new Member(one.Item1, one.Item2.AsModel(Described(one.Item1))))];
        RouterChatClient router = new("main", members, new RouterOptions { Selection = new() });
        Exception? error = await AskAsync(router, streaming, Structured.WithEnsemble(request => request with { Requirements = new() { MaxUsd = 0.0028m } }));
        Assert.That((leaf.Calls, spare.Calls), Is.EqualTo((2, 0)), "the first was billed $0.00206 with its repair, and a call of the next can cost $0.0011");
        Assert.That(error, Is.TypeOf<BudgetExceededException>());
        Assert.That(error, ReceiptIs.CostingAtMost(0.0028m));
    }

    [Test]
    public async Task OnlySomeSchemas_AreReservedTwice()
    {
        Leaf leaf = new(Usage(20, 20)) { RepairsOnly = true };
        MemoryLedgerStore store = new();
        IChatClient model = leaf.AsModel("mini", Price, new EnsembleRuntime { Ledger = new Ledger(store, [new Budget("all", CostBounds.UpperUsd(Price, 100, Output)!.Value * 1.5m)]) });
        ChatOptions list = Structured.Clone();
        list.ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"array"}"""));
        Assert.That(async () => await model.GetResponseAsync("hello", list), Throws.TypeOf<BudgetExceededException>());
        Assert.That(await AskAsync(model, streaming: false, Structured), Is.Null);
    }

    private static SelectionMember Described(string name) => Choosing.Member(name, ModelCapabilities.JsonSchema, maxOutput: 1000, input: 1m, output: 10m, deployments: [new Deployment { Name = name }]);

    private static UsageDetails Usage(long input, long output) => new() { InputTokenCount = input, OutputTokenCount = output };

    private static async Task<Exception?> AskAsync(IChatClient client, bool streaming, ChatOptions options)
    {
        try
        {
            _ = await client.AskAsync(streaming, options: options).ConfigureAwait(false);
            return null;
        }
        catch (EnsembleException error)
        {
            return error;
        }
        catch (JsonException error)
        {
            return error;
        }
    }

    /// <summary>Its first answer never fits, and it asks its provider once more, if it may.</summary>
    private sealed class Leaf(UsageDetails? usage) : IChatClient
    {
        private MemberTraits? _traits;

        public bool IsHopeless { get; init; }

        public bool RepairsOnly { get; init; }

        public int Calls { get; private set; }

        public ChatOptions? Options { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            (Options, Calls) = (options, Calls + 1);
            if (RepairsOnly)
            {
                return Task.FromResult(Answer(usage));
            }

            if (!FurtherCall.TryTake(options, usage))
            {
                JsonException error = new("does not fit");
                error.Data[ModelChatClient.WholeUsageKey] = usage;
                throw error;
            }

            Calls++;
            UsageDetails? both = usage is null ? null : Usage(usage.InputTokenCount!.Value * 2, usage.OutputTokenCount!.Value * 2);
            if (IsHopeless)
            {
                JsonException error = new("twice");
                error.Data[ModelChatClient.WholeUsageKey] = both;
                throw error;
            }

            return Task.FromResult(Answer(both));
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(MemberTraits) ? _traits ??= RepairsOnly
            ? new MemberTraits { RepairsSchema = static schema => !schema.GetProperty("type").ValueEquals("object") }
            : new MemberTraits { RepairsAnswers = true } : null;

        public void Dispose()
        {
        }

        private static ChatResponse Answer(UsageDetails? used) => new(new ChatMessage(ChatRole.Assistant, "{}")) { Usage = used, FinishReason = ChatFinishReason.Stop };
    }
}
