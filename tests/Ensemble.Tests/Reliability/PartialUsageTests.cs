using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>Providers that report the prompt when a stream begins, and the answer when it ends: what came until it broke or was left is billed all the same.</summary>
public class PartialUsageTests
{
    private const int Words = 300;

    private static readonly Price Price = new() { InputPerMillion = 1m, OutputPerMillion = 100m };
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("word", Words));

    private static readonly AnswerScript Early = AnswerScript.Contents(
        new UsageContent(new UsageDetails { InputTokenCount = 1000, OutputTokenCount = 1 }), new TextContent(Long), new TextContent("end")).WithoutUsage();

    [Test]
    public void StreamThatBreaks_IsBookedWithWhatCame([Values] bool routed)
    {
        Scene scene = new(Early.FailAfter(2), routed);
        Exception error = Assert.Catch(() => scene.Read())!;
        Attempt attempt = AttemptRunner.ReceiptOf(error)!.Attempts.Single();
        Assert.Multiple(() =>
        {
            Assert.That(scene.SpentUsd, Is.EqualTo(Price.CostUsd(1000, Words)));
            Assert.That((attempt.InputTokens, attempt.OutputTokens, attempt.CostUsd, attempt.UsageSource), Is.EqualTo((1000L, (long)Words, scene.SpentUsd, UsageSource.Counted)));
        });
    }

    [Test]
    public void StreamThatIsLeft_IsBookedWithWhatCame([Values] bool routed)
    {
        Scene scene = new(Early, routed);
        scene.Read(leaves: true);
        Attempt attempt = scene.Sink.Receipts.Single().Attempts.Single();
        Assert.That(scene.SpentUsd, Is.EqualTo(Price.CostUsd(1000, Words)));
        Assert.That((attempt.OutputTokens, attempt.CostUsd), Is.EqualTo(((long)Words, scene.SpentUsd)));
    }

    [Test]
    public void StreamThatFailsByItsContent_IsBookedWithWhatCame()
    {
        Scene scene = new(Early.ErrorContentAfter(2), routed: true);
        Attempt attempt = ((EnsembleException)Assert.Catch(() => scene.Read())!).Receipt!.Attempts.Single();
        Assert.That((attempt.OutputTokens, attempt.CostUsd, attempt.UsageSource), Is.EqualTo(((long)Words, scene.SpentUsd, UsageSource.Counted)));
        Assert.That(scene.SpentUsd, Is.EqualTo(Price.CostUsd(1000, Words)));
    }

    [Test]
    public void HalfAReport_IsBelieved_AndTheOtherHalfCounted([Values] bool routed)
    {
        Scene scene = new(AnswerScript.Contents(new UsageContent(new UsageDetails { InputTokenCount = 1000 }), new TextContent(Long)).WithoutUsage(), routed);
        Attempt attempt = scene.Read()!.Attempts.Single();
        Assert.That(scene.SpentUsd, Is.EqualTo(Price.CostUsd(1000, Words)));
        Assert.That((attempt.InputTokens, attempt.OutputTokens, attempt.CostUsd, attempt.UsageSource), Is.EqualTo((1000L, (long)Words, scene.SpentUsd, UsageSource.Counted)));
    }

    [Test]
    public void ReportAtTheEnd_IsBelieved_WhateverWasCounted([Values] bool routed)
    {
        Scene scene = new(AnswerScript.Text(Long).ReportingUsage(10, 20), routed);
        Assert.That(scene.Read()!.CostUsd, Is.EqualTo(Price.CostUsd(10, 20)).And.EqualTo(scene.SpentUsd));
    }

    private sealed class Scene
    {
        private readonly VirtualTime _time = new();
        private readonly Ledger _ledger;
        private readonly IChatClient _client;

        public Scene(AnswerScript script, bool routed)
        {
            _ledger = new Ledger(new MemoryLedgerStore(), [new Budget("all", 10m)], _time);
            EnsembleRuntime runtime = new() { TimeProvider = _time, Ledger = _ledger, ReceiptSink = Sink };
            IChatClient model = new ScriptedMember("mini", _time).Always(script).AsModel("mini", Price, runtime);
            _client = routed ? new RouterChatClient("main", [new Member("mini", model)], null, runtime) : model;
        }

        public KeptReceipts Sink { get; } = new();

        public decimal? SpentUsd => _ledger.GetBalancesAsync(new SpendContext()).AsTask().Result.Single().SpentUsd;

        public Receipt? Read(bool leaves = false) => _time.Run(async () =>
        {
            List<ChatResponseUpdate> updates = [];
            await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync("hello", new ChatOptions { MaxOutputTokens = 2000 }))
            {
                updates.Add(update);
                if (leaves && update.Text.Length > 0)
                {
                    break;
                }
            }

            return updates.ToChatResponse().GetReceipt();
        });
    }

    private sealed class KeptReceipts : IReceiptSink
    {
        public List<Receipt> Receipts { get; } = [];

        public void Accept(Receipt receipt) => Receipts.Add(receipt);
    }
}
