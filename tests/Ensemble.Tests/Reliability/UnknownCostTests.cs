using System.Net.Http;
using System.Runtime.CompilerServices;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>What nobody can tell is never zero: calls that were given up or lost, images, parts of a prompt with prices of their own.</summary>
public class UnknownCostTests
{
    private static readonly Price Dear = new() { InputPerMillion = 1m, OutputPerMillion = 100m };

    private static IEnumerable<TestCaseData> GivenUp()
    {
        yield return new TestCaseData(AnswerScript.Hang()).SetArgDisplayNames("Hung");
        yield return new TestCaseData(AnswerScript.Fail(new IOException("reset"))).SetArgDisplayNames("Lost");
        yield return new TestCaseData(AnswerScript.Fail(new HttpRequestException(HttpRequestError.ResponseEnded))).SetArgDisplayNames("Ended");
        yield return new TestCaseData(AnswerScript.Fail(new InvalidOperationException("?"))).SetArgDisplayNames("Unknown");
    }

    private static IEnumerable<TestCaseData> NeverSent()
    {
        yield return new TestCaseData(AnswerScript.Http(500)).SetArgDisplayNames("ServerError");
        yield return new TestCaseData(AnswerScript.Http(401)).SetArgDisplayNames("Unauthorized");
        yield return new TestCaseData(AnswerScript.Fail(new HttpRequestException(HttpRequestError.NameResolutionError))).SetArgDisplayNames("NoSuchHost");
        yield return new TestCaseData(AnswerScript.Fail(new InvalidOperationException("sdk", new HttpRequestException(HttpRequestError.ConnectionError)))).SetArgDisplayNames("NoConnection");
    }

    [Test]
    public async Task AnAnswerInWhichNothingCame_AndNothingWasReported_IsBookedWithWhatItMayHaveCost([Values] bool streaming)
    {
        SelectionMember known = Selection.Choosing.Member("m", input: 1m, output: 4m);
        ChatResponse response = await FakeClient.Says("").AsModel(known).AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 1_000 });
        Attempt attempt = response.GetReceipt()!.Attempts.Single();
        Assert.That(attempt.UsageSource, Is.EqualTo(UsageSource.Reserved));
        Assert.That(attempt.CostUsd, Is.InRange(0.004m, 0.0042m));
    }

    [Test]
    public async Task WhatAnAnswerSaysToCallATool_IsCounted_WhereNothingIsReported([Values] bool streaming)
    {
        SelectionMember known = Selection.Choosing.Member("m", input: 0m, output: 1m);
        FunctionCallContent call = new("1", "send_message", new Dictionary<string, object?> { ["text"] = "The parcel arrives on Monday in the morning, between eight and ten." });
        FakeClient client = FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, [call]) { FinishReason = ChatFinishReason.ToolCalls });
        Attempt attempt = (await client.AsModel(known).AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 1_000 })).GetReceipt()!.Attempts.Single();
        Assert.That(attempt.UsageSource, Is.EqualTo(UsageSource.Counted));
        Assert.That(attempt.CostUsd * 1_000_000m, Is.InRange(15m, 30m), "tokens of the name and the arguments");
    }

    [Test]
    public async Task LastStreamOfACascade_ThatFailsByWhatIsInIt_HasItsCostOnTheReceipt()
    {
        SelectionMember known = Selection.Choosing.Member("m", input: 0m, output: 1m);
        FakeClient broken = FakeClient.Sends(
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("Let me think about this for a while.")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new ErrorContent("overloaded")]),
            new ChatResponseUpdate(ChatRole.Assistant, "never read"));
        CascadeOptions options = new();
        options.DeferBelow.Agreement = 0.5;
        CascadeChatClient cascade = new("main", [new Member("first", FakeClient.Throws(new HttpRequestException("down"))), new Member("m", broken.AsModel(known))], options);
        AllMembersFailedException error = (await Assert.ThrowsAsync<AllMembersFailedException>(() => cascade.GetStreamingResponseAsync("x").ToChatResponseAsync()))!;
        Assert.That(error.Receipt!.Attempts[^1].CostUsd * 1_000_000m, Is.InRange(5m, 15m), "what it thought");
    }

    [TestCaseSource(nameof(GivenUp))]
    public void CallOfWhichNobodyKnows_CostsItsBound_AlsoWithoutABudget(AnswerScript script)
    {
        foreach ((bool streaming, bool capped) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            Shop shop = new(capped, script);
            EnsembleException error = Assert.Catch<EnsembleException>(() => shop.Ask(streaming, new ChatOptions { MaxOutputTokens = 500 }))!;
            Attempt attempt = error.Attempts.Single();
            Assert.Multiple(() =>
            {
                Assert.That(attempt.CostUsd, Is.InRange(0.05m, 0.051m));
                Assert.That(attempt.UsageSource, Is.EqualTo(UsageSource.Reserved));
                Assert.That(shop.Usage.CostUsd, Is.EqualTo(attempt.CostUsd));
            });
        }
    }

    [TestCaseSource(nameof(NeverSent))]
    public void CallThatNeverLeft_OrWasRefused_CostsNothing(AnswerScript script)
    {
        foreach (bool streaming in new[] { false, true })
        {
            Shop shop = new(capped: true, script);
            EnsembleException error = Assert.Catch<EnsembleException>(() => shop.Ask(streaming))!;
            Assert.That((error.Attempts.Single().CostUsd, shop.Usage.Calls), Is.EqualTo(((decimal?)0, 0L)));
        }
    }

    [Test]
    public void CallWithoutAnyBound_HasNoCost_AndIsCountedAsUnpriced([Values] bool streaming)
    {
        Shop shop = new(capped: false, AnswerScript.Hang());
        EnsembleException error = Assert.Catch<EnsembleException>(() => shop.Ask(streaming))!;
        Assert.That((error.Receipt!.CostUsd, shop.Usage.UnpricedCalls), Is.EqualTo(((decimal?)null, 1L)));
    }

    [Test]
    public void StreamThatIsLeft_SaysWhatCameUntilThen()
    {
        Shop shop = new(capped: false, AnswerScript.Text("one ", "two ", "three"));
        shop.Time.Run(async () =>
        {
            await foreach (ChatResponseUpdate _ in shop.Router.GetStreamingResponseAsync("hello").ConfigureAwait(false))
            {
                break;
            }
        });
        Assert.That(shop.Heard.Single().CostUsd, Is.EqualTo(shop.Usage.CostUsd).And.GreaterThan(0));
        Assert.That(shop.Heard.Single().Attempts.Single().UsageSource, Is.EqualTo(UsageSource.Counted));
    }

    [Test]
    public void Image_IsReservedByTheCard([Values] bool streaming, [Values] bool byAddress)
    {
        AIContent image = byAddress ? new UriContent("https://pictures.example/cat.png", "image/png") : new DataContent(new byte[300_000], "image/png");
        Shop poor = new(capped: true, AnswerScript.Text("a cat")) { ImageTokens = 2_000_000 };
        Shop rich = new(capped: true, AnswerScript.Hang()) { ImageTokens = 500_000 };
        Assert.That(() => poor.Ask(streaming, Shop.Short, image), Throws.TypeOf<BudgetExceededException>());
        Assert.That(poor.Member, CountersAre.Untouched);
        Assert.That(() => rich.Ask(streaming, Shop.Short, image), Throws.InstanceOf<EnsembleException>());
        Assert.That(rich.Usage.CostUsd, Is.InRange(0.5m, 0.51m));
    }

    [Test]
    public void ImageOfUnknownSize_IsRefusedUnderACap_AndTheErrorNamesTheSetting([Values] bool streaming)
    {
        Shop shop = new(capped: true, AnswerScript.Text("a cat"));
        Assert.That(
            () => shop.Ask(streaming, Shop.Short, new DataContent(new byte[300_000], "image/png")), Throws.TypeOf<BudgetExceededException>().With.Message.Contains("ImageTokens"));
        Assert.That(shop.Member, CountersAre.Untouched);
    }

    [Test]
    public void FileThatLiesElsewhere_IsRefusedUnderACap([Values] bool streaming, [Values] bool hosted)
    {
        AIContent file = hosted ? new HostedFileContent("file-1") : new UriContent("https://files.example/book.pdf", "application/pdf");
        Shop shop = new(capped: true, AnswerScript.Text("a book")) { ImageTokens = 1 };
        Assert.That(() => shop.Ask(streaming, Shop.Short, file), Throws.TypeOf<BudgetExceededException>().With.Message.Contains("lies elsewhere"));
        Assert.That(shop.Member, CountersAre.Untouched);
    }

    [Test]
    public void ImageWithoutACap_IsSent_AndUnpricedWhenNobodyReports([Values] bool streaming)
    {
        Shop shop = new(capped: false, AnswerScript.Text("a cat").WithoutUsage());
        ChatResponse response = shop.Ask(streaming, Shop.Short, new DataContent(new byte[3], "image/png"));
        Assert.That((response.Text, response.GetReceipt()!.CostUsd, shop.Usage.UnpricedCalls), Is.EqualTo(("a cat", (decimal?)null, 1L)));
    }

    [Test]
    public void CacheWritesAndImages_AreBookedAtTheirOwnPrices([Values] bool streaming, [Values("CacheCreationInputTokens", "cache_creation_input_tokens")] string name)
    {
        UsageDetails usage = new() { InputTokenCount = 1_000_000, OutputTokenCount = 0, AdditionalCounts = new() { [name] = 600_000, ["InputTokenDetails.ImageTokenCount"] = 100_000 } };
        Shop shop = new(capped: false, AnswerScript.Text("x").WithoutUsage())
        {
            Reports = usage,
            Price = new Price { InputPerMillion = 3m, OutputPerMillion = 15m, CacheWritePerMillion = 3.75m, ImagePerMillion = 5m },
        };
        Assert.That(shop.Ask(streaming).GetReceipt()!.CostUsd, Is.EqualTo((0.6m * 3.75m) + (0.1m * 5m) + (0.3m * 3m)).And.EqualTo(shop.Usage.CostUsd));
    }

    [Test]
    public void UsageThatGrowsInEveryPiece_IsTakenOnce()
    {
        AIContent[] pieces = [.. Enumerable.Range(1, 20).SelectMany(i => new AIContent[] { new TextContent("x"), new UsageContent(new UsageDetails { InputTokenCount = 1000, OutputTokenCount = i }) })];
        Shop shop = new(capped: false, AnswerScript.Contents(pieces).WithoutUsage());
        Receipt receipt = shop.Ask(streaming: true).GetReceipt()!;
        Assert.That((receipt.InputTokens, receipt.OutputTokens, receipt.CostUsd), Is.EqualTo(((long?)1000, (long?)20, (decimal?)0.003m)));
        Assert.That(shop.Usage.CostUsd, Is.EqualTo(0.003m));
    }

    [Test]
    public void UsageOfSeveralParts_IsAddedUp()
    {
        StreamedUsage usage = default;
        foreach ((int input, int output) in new[] { (100, 1), (0, 10), (0, 10), (250, 5), (250, 9) })
        {
            usage.Add(new UsageDetails { InputTokenCount = input, OutputTokenCount = output });
        }

        Assert.That((usage.Total!.InputTokenCount, usage.Total.OutputTokenCount), Is.EqualTo(((long?)350, (long?)30)));
    }

    /// <summary>One model behind a router, a ledger with or without a budget of $1 a day, and a sink.</summary>
    private sealed class Shop : IReceiptSink
    {
        private readonly MemoryLedgerStore _store = new();
        private readonly EnsembleRuntime _runtime;

        public Shop(bool capped, AnswerScript script)
        {
            Member = new ScriptedMember("m", Time).Always(script);
            _runtime = new EnsembleRuntime { TimeProvider = Time, ReceiptSink = this, Ledger = new Ledger(_store, capped ? [new Budget("daily", 1m) { Per = BudgetPeriod.Day }] : [], Time) };
        }

        public static ChatOptions Short => new() { MaxOutputTokens = 10 };

        public long? ImageTokens { get; init; }

        public Price Price { get; init; } = Dear;

        public UsageDetails? Reports { get; init; }

        public VirtualTime Time { get; } = new();

        public ScriptedMember Member { get; }

        public List<Receipt> Heard { get; } = [];

        public RouterChatClient Router => field ??= new RouterChatClient(
            "main",
            [new Member("m", new Reporting(Member, Reports).AsModel(new SelectionMember { Name = "m", Card = new ModelCard { Id = "m", ImageTokens = ImageTokens }, Deployments = [new Deployment { Name = "m", Price = Price }] }, _runtime))],
            new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(5), LongestWait = TimeSpan.Zero },
            _runtime);

        public UsageLine Usage => _store.GetUsageAsync(new UsageQuery(), default).AsTask().GetAwaiter().GetResult().SingleOrDefault() ?? new UsageLine { Key = "" };

        public void Accept(Receipt receipt) => Heard.Add(receipt);

        public ChatResponse Ask(bool streaming, ChatOptions? options = null, params AIContent[] contents)
        {
            ChatMessage[] messages = [new(ChatRole.User, [new TextContent("hello"), .. contents])];
            return Time.Run(() => streaming ? Router.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : Router.GetResponseAsync(messages, options));
        }
    }

    /// <summary>Reports counts that no script can.</summary>
    private sealed class Reporting(IChatClient inner, UsageDetails? usage) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            ChatResponse response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            response.Usage = usage ?? response.Usage;
            return response;
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }

            if (usage is not null)
            {
                yield return new ChatResponseUpdate { Contents = [new UsageContent(usage)] };
            }
        }
    }
}
