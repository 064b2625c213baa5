using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests.Selection;

internal sealed class ConversationAffinityTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, FakeClient> _clients = new()
    {
        ["cheap"] = FakeClient.Says("from cheap", new UsageDetails { InputTokenCount = 5_000, OutputTokenCount = 10 }),
        ["caching"] = FakeClient.Says("from caching", new UsageDetails { InputTokenCount = 5_000, OutputTokenCount = 10 }),
    };

    [Test]
    public async Task Conversation_StaysWhereItsCachedPrefixPaysMoreThanSwitching_AndTheReceiptSaysSo([Values] bool streaming)
    {
        RouterChatClient router = Router(cachedInput: 0.1m);
        await router.AskAsync(streaming, "begin", new ChatOptions { ModelId = "caching" });
        ChatResponse next = await AskAsync(router, streaming);
        Assert.That(next.Text, Is.EqualTo("from caching"));
        Assert.That(next.GetReceipt()!.Notes, Has.One.Contains("5000 tokens of the conversation are cached there"));
    }

    [Test]
    public async Task Conversation_Switches_WhenTheCacheSavesTooLittle_OrIsGone_OrIsAnothers([Values] bool streaming)
    {
        RouterChatClient dear = Router(cachedInput: 1.9m);
        await dear.AskAsync(streaming, "begin", new ChatOptions { ModelId = "caching" });
        Assert.That((await AskAsync(dear, streaming)).Text, Is.EqualTo("from cheap"));

        RouterChatClient router = Router(cachedInput: 0.1m);
        await router.AskAsync(streaming, "begin", new ChatOptions { ModelId = "caching" });
        Assert.That((await AskAsync(router, streaming, tenant: "other")).Text, Is.EqualTo("from cheap"));
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.That((await AskAsync(router, streaming)).Text, Is.EqualTo("from cheap"));
    }

    [Test]
    public void CachedTokens_AreComparedWithExpectedTokens_NotWithBytes()
    {
        // 39,000 bytes of English are about 9,400 tokens, of which 8,000 are cached: $0.0066 against $0.0094 for the other's whole prompt.
        SelectionSnapshot snapshot = SelectionSnapshot.Create(
        [
            Describe("caching", new Price { InputPerMillion = 3, OutputPerMillion = 4, CachedInputPerMillion = 0.3m }),
            Describe("cheap", new Price { InputPerMillion = 1, OutputPerMillion = 4 }),
        ]);
        string prompt = string.Concat(Enumerable.Repeat("The weather of this week is what people talk about in the office. ", 591));
        CandidateSignals[] signals = [new() { CachedTokens = 8_000 }, new()];
        Choosing.Choice choice = Choosing.Decide(snapshot, profile: Choosing.Profile(prompt), objective: Objective.Cheapest, signals: signals);
        Assert.That(choice.First, Is.EqualTo("caching"));
        Assert.That(choice.Decision.ExpectedUsd, Is.EqualTo(0.0066 + (256 * 4e-6)).Within(0.0003));
    }

    private static Task<ChatResponse> AskAsync(RouterChatClient router, bool streaming, string? tenant = null)
    {
        List<ChatMessage> turns = [new(ChatRole.User, "begin"), new(ChatRole.Assistant, "from caching"), new(ChatRole.User, new string('x', 5_000))];
        ChatOptions options = new ChatOptions().WithEnsemble(request => request with { Tenant = tenant });
        return streaming ? router.GetStreamingResponseAsync(turns, options).ToChatResponseAsync() : router.GetResponseAsync(turns, options);
    }

    private RouterChatClient Router(decimal cachedInput)
    {
        SelectionMember[] members =
        [
            Describe("cheap", new Price { InputPerMillion = 1.5m, OutputPerMillion = 4 }),
            Describe("caching", new Price { InputPerMillion = 2, OutputPerMillion = 4, CachedInputPerMillion = cachedInput }),
        ];
        return new RouterChatClient(
            "main",
            _clients.Select(pair => new Member(pair.Key, pair.Value)),
            new RouterOptions { Selection = new() { Members = members, Objective = Objective.Cheapest } },
            new EnsembleRuntime { TimeProvider = _time });
    }

    private static SelectionMember Describe(string name, Price price) => new()
    {
        Name = name,
        Card = new ModelCard { Id = name, ContextWindow = 100_000 },
        Deployments = [new Deployment { Name = name, Price = price }],
    };
}
