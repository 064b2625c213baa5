using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests.Selection;

/// <summary>What a route learns never shuts a member out for ever.</summary>
internal sealed class LearningInRoutesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, TimeSpan> _takes = [];

    [Test]
    public async Task EqualMembers_AreBothAsked_WhoeverAnsweredFirst([Values(1, 2, 3)] int seed)
    {
        RouterChatClient router = Router(Objective.Cheapest, null, seed, ("a", 1), ("b", 1));
        Assert.That(await Asked(router, 16), Does.Contain("a").And.Contain("b"));
    }

    [Test]
    public async Task ADearModel_ThatAnsweredShortlyOnce_DoesNotBeatTheCheapOne()
    {
        RouterChatClient router = Router(Objective.Cheapest, null, 0, ("cheap", 1), ("dear", 5));
        await router.AskAsync(false, "Hello", new ChatOptions { ModelId = "dear" });
        Assert.That(await Asked(router, 8), Is.All.EqualTo("cheap"));
    }

    [Test]
    public async Task OneSlowAnswer_DoesNotBanAModelFromADeadline_ForEver()
    {
        RouterChatClient router = Router(Objective.Order, TimeSpan.FromSeconds(1), 0, ("a", 1), ("b", 1));
        _takes["a"] = TimeSpan.FromSeconds(60);
        await router.AskAsync(false, "Hello", new ChatOptions { ModelId = "a" });
        Assert.That(await Asked(router, 3), Is.All.EqualTo("b"));

        _takes["a"] = TimeSpan.Zero;
        _time.Advance(SelectionLearning.ProbeInterval);
        Assert.That(await Asked(router, 1), Is.EqualTo(new[] { "a" }), "one request measures it again");
        Assert.That(await Asked(router, 3), Is.All.EqualTo("b"), "it is still slow on average, and the next probe is not due");
        for (int minutes = 0; minutes < 60; minutes++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Asked(router, 1);
        }

        Assert.That(await Asked(router, 3), Is.All.EqualTo("a"));
    }

    [Test]
    public async Task TheFastest_IsMeasuredAgain_AfterASlowAnswer()
    {
        RouterChatClient router = Router(Objective.Fastest, null, 0, ("a", 1), ("b", 1));
        _takes["a"] = TimeSpan.FromSeconds(0.5);
        _takes["b"] = TimeSpan.FromSeconds(0.1);
        await Asked(router, 2);
        _takes["a"] = TimeSpan.Zero;
        Assert.That(await Asked(router, 4), Is.All.EqualTo("b"));
        List<string> later = [];
        for (int minutes = 0; minutes < 60; minutes++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            later.AddRange(await Asked(router, 1));
        }

        Assert.That(later, Does.Contain("a"));
    }

    private static async Task<List<string>> Asked(RouterChatClient router, int times)
    {
        List<string> asked = [];
        for (int i = 0; i < times; i++)
        {
            asked.Add((await router.AskAsync(false)).Text);
        }

        return asked;
    }

    private RouterChatClient Router(Objective objective, TimeSpan? deadline, int seed, params (string Name, decimal Price)[] members) => new(
        "main",
        members.Select(m => new Member(m.Name, new FakeClient(_ =>
        {
            _time.Advance(_takes.GetValueOrDefault(m.Name));
            return FakeClient.Pieces(new UsageDetails { InputTokenCount = 5, OutputTokenCount = 5 }, [m.Name]);
        }))),
        new RouterOptions
        {
            Selection = new()
            {
                Objective = objective,
                Requirements = new() { Deadline = deadline },
                Seed = seed,
                Members = [.. members.Select(m => Choosing.Member(m.Name, input: m.Price, output: m.Price, deployments: [new Deployment { Name = m.Name }]))],
            },
        },
        new EnsembleRuntime { TimeProvider = _time });
}
