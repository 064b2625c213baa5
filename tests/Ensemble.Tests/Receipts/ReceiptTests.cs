using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests;

public class ReceiptTests
{
    // Any options write a receipt the same way: its converter is its own.
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Receipt Full = new()
    {
        Name = "main",
        Kind = "route",
        AnsweredBy = "jury",
        Duration = TimeSpan.FromMilliseconds(1234.5),
        Degraded = true,
        Notes = ["a note"],
        Attempts =
        [
            new() { Member = "mini", Outcome = AttemptOutcome.Failed, Failure = FailureClass.RateLimited, Note = "HTTP 429", Duration = TimeSpan.FromMilliseconds(20), CostUsd = 0 },
            new()
            {
                Member = "jury", Outcome = AttemptOutcome.Answered, Duration = TimeSpan.FromSeconds(1), TimeToFirstContent = TimeSpan.FromMilliseconds(300),
                InputTokens = 1204, CachedInputTokens = 1000, OutputTokens = 18, UsageSource = UsageSource.Reported, CostUsd = 0.0012m,
                Receipt = new()
                {
                    Name = "jury", Kind = "panel", AnsweredBy = "local#2",
                    Vote = new()
                    {
                        Outcome = VoteOutcome.Decided, Winner = "billing", Agreement = 2.0 / 3, Counts = [new("billing", 2), new("account", 1)],
                        Ballots = [new() { Voter = "local#1", Choice = "account", Text = "account" }, new() { Voter = "local#2", Choice = "billing", Text = "billing", Weight = 2 }, new() { Voter = "local#3", Failure = FailureClass.Timeout }],
                    },
                },
            },
        ],
    };

    [Test]
    public void Json_IsWhatReadersOfThisVersionRelyOn()
    {
        string actual = JsonSerializer.Serialize(Full, Indented).ReplaceLineEndings("\n");
        Approved.Check(actual, "Receipts/receipt-0.1.json");
    }

    [Test]
    public void Json_ReadsBack_AsItWasWritten()
    {
        string json = JsonSerializer.Serialize(Full, EnsembleJson.Receipt);
        Receipt back = JsonSerializer.Deserialize(json, EnsembleJson.Receipt)!;
        Assert.Multiple(() =>
        {
            Assert.That(JsonSerializer.Serialize(back, EnsembleJson.Receipt), Is.EqualTo(json));
            Assert.That(back.ToString(), Is.EqualTo(Full.ToString()));
            Assert.That(back.Replayed, Is.False);
        });
    }

    [Test]
    public void Json_WithoutOptionalParts_IsRead() =>
        Assert.That(JsonSerializer.Deserialize("""{"name":"a","kind":"model"}""", EnsembleJson.Receipt)!.Attempts, Is.Empty);

    [Test]
    public void ToString_IsOneReadableLine() => Assert.Multiple(() =>
    {
        Assert.That(Full.ToString(), Is.EqualTo("main: jury answered; mini failed: RateLimited; 1.23 s; 1204 tokens in (1000 kept), 18 out; $0.0012; degraded"));
        Assert.That(Full.Attempts[1].Receipt!.ToString(), Is.EqualTo("jury: local#2 answered ('billing' won with 67% of 3); 0.00 s; $0"));
    });

    [Test]
    public void Cost_IsUnknown_WhenOneThatWasPaidForIsUnknown()
    {
        Receipt Of(params decimal?[] costs) => new() { Name = "a", Kind = "route", Attempts = [.. costs.Select(c => new Attempt { Member = "m", Outcome = AttemptOutcome.Answered, CostUsd = c })] };
        Assert.Multiple(() =>
        {
            Assert.That(Of(1, 2).CostUsd, Is.EqualTo(3));
            Assert.That(Of(1, null).CostUsd, Is.Null);
            Assert.That(Of(1, null).ToString(), Does.Contain("price unknown"));
        });
    }

    [Test]
    public async Task NestedCompositions_MakeATree_AndTheParentsReceiptStays([Values] bool streaming)
    {
        PanelChatClient jury = new("jury", [new("a", FakeClient.Says("1")), new("b", FakeClient.Says("1"))], new PanelOptions { Normalizer = BallotNormalizer.Number });
        ChatResponse response = await Ask.Router(("broken", FakeClient.Throws(new IOException())), ("jury", jury)).AskAsync(streaming);
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That((receipt.Name, receipt.Kind), Is.EqualTo(("main", "route")));
            Assert.That(receipt.Attempts[1].Receipt!.Vote!.Winner, Is.EqualTo("1"));
            Assert.That(receipt.Attempts[1].Receipt!.Attempts.Select(a => a.Member), Is.EqualTo(new[] { "a", "b" }));
        });
    }

    [Test]
    public async Task FailureOfANestedComposition_KeepsItsBranch([Values] bool streaming)
    {
        RouterChatClient inner = new("inner", [new("a", FakeClient.Throws(new IOException()))]);
        AllMembersFailedException? error = await Assert.ThrowsAsync<AllMembersFailedException>(() => Ask.Router(("inner", inner)).AskAsync(streaming));
        Assert.That(error!.Receipt!.Attempts.Single().Receipt!.Attempts.Single().Failure, Is.EqualTo(FailureClass.Transport));
    }

    [Test]
    public async Task Model_ResolvedByName_WritesAReceiptOfItsOwn([Values] bool streaming)
    {
        ServiceCollection collection = new();
        collection.AddEnsemble()
            .AddModel("local", _ => FakeClient.Says("hi", new UsageDetails { InputTokenCount = 4, OutputTokenCount = 1 }).With(new MemberTraits { InProcess = true }))
            .AddRouter("main", "local");
        await using ServiceProvider services = collection.BuildServiceProvider();
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        Receipt model = (await clients.Get("local").AskAsync(streaming)).GetReceipt()!;
        Receipt route = (await clients.Get("main").AskAsync(streaming)).GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That((model.Kind, model.AnsweredBy, model.InputTokens, model.CostUsd), Is.EqualTo(("model", "local", 4L, 0m)));
            Assert.That((route.Attempts.Single().Receipt, route.InputTokens, route.CostUsd), Is.EqualTo(((Receipt?)null, 4L, 0m)));
        });
    }

    [Test]
    public async Task ModelThatFails_PutsItsReceiptOnTheError([Values] bool streaming)
    {
        ServiceCollection collection = new();
        collection.AddEnsemble().AddModel("local", _ => FakeClient.Throws(() => new PromptTooLongException("Shorten it.") { ContextWindow = 2048 }));
        await using ServiceProvider services = collection.BuildServiceProvider();
        PromptTooLongException? error = await Assert.ThrowsAsync<PromptTooLongException>(() => services.GetRequiredService<IChatClient>().AskAsync(streaming));
        Assert.That((error!.Receipt!.Kind, error.Attempts.Single().Failure), Is.EqualTo(("model", FailureClass.PromptTooLong)));
    }

    [Test]
    public async Task AnswerFromAResponseCache_IsMarkedReplayed_AndCostsNothing([Values] bool streaming)
    {
        ServiceCollection collection = new();
        collection.AddSingleton<IDistributedCache>(new FakeCache());
        FakeClient paid = FakeClient.Says("hi", new UsageDetails { InputTokenCount = 4, OutputTokenCount = 1 });
        collection.AddEnsemble().AddModel("mini", _ => paid)
            .ConfigureClient("mini", c => c.UseDistributedCache(configure: cache => cache.JsonSerializerOptions = EnsembleJson.Options));
        await using ServiceProvider services = collection.BuildServiceProvider();
        IChatClient client = services.GetRequiredService<IChatClient>();
        Receipt first = (await client.AskAsync(streaming)).GetReceipt()!;
        Receipt second = (await client.AskAsync(streaming)).GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(paid.Calls, Has.Count.EqualTo(1));
            Assert.That((first.Replayed, first.CostUsd), Is.EqualTo((false, (decimal?)null)));
            Assert.That((second.Replayed, second.CostUsd, second.InputTokens), Is.EqualTo((true, 0m, 4L)));
            Assert.That(second.ToString(), Does.Contain("replayed"));
        });
    }

    [Test]
    public async Task RequestContext_DoesNotBreakAResponseCache()
    {
        FakeCache cache = new();
        FakeClient model = FakeClient.Says("hi");
        using IChatClient client = model.AsBuilder().UseDistributedCache(cache, c => c.JsonSerializerOptions = EnsembleJson.Options).Build();
        foreach (string tenant in new[] { "acme", "acme", "other" })
        {
            _ = await client.AskAsync(streaming: false, options: new ChatOptions().WithEnsemble(r => r with { Tenant = tenant }));
        }

        Assert.That(model.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Durations_AreThoseOfTheClock([Values] bool streaming)
    {
        FakeTimeProvider time = new();
        FakeClient slow = new(_ =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return FakeClient.Pieces(null, ["hi"]);
        });
        RouterChatClient router = new("main", [new("a", slow)], null, new EnsembleRuntime { TimeProvider = time });
        Assert.That((await router.AskAsync(streaming)).GetReceipt()!.Duration, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }
}
