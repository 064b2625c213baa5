using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection;

/// <summary>A route that chooses knows who is dark and who has room before it picks.</summary>
public class HealthInSelectionTests
{
    [Test]
    public void DarkMember_ComesLast_UntilItsTimeIsOver([Values] bool streaming)
    {
        VirtualTime time = new();
        ScriptedMember cheap = new ScriptedMember("cheap", time).Next(AnswerScript.RateLimited(TimeSpan.FromSeconds(10))).Always(AnswerScript.Text("cheap"));
        ScriptedMember dear = new ScriptedMember("dear", time).Always(AnswerScript.Text("dear"));
        using RouterChatClient router = Router(time, cheap, dear);
        Receipt first = time.Run(() => router.AskAsync(streaming)).GetReceipt()!;
        Receipt second = time.Run(() => router.AskAsync(streaming)).GetReceipt()!;
        time.Advance(TimeSpan.FromSeconds(11));
        Receipt third = time.Run(() => router.AskAsync(streaming)).GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(first.Attempts.Select(a => a.Member), Is.EqualTo(new[] { "cheap", "dear" }));
            Assert.That(second.Attempts.Select(a => a.Member), Is.EqualTo(new[] { "dear" }), "nobody stops at one that is known to be out");
            Assert.That(second.Notes, Has.Some.Contains("out after failures: cheap"));
            Assert.That(third.AnsweredBy, Is.EqualTo("cheap"));
        });
    }

    [Test]
    public void EverybodyDark_IsStillAskedInTheOrderOfPreference([Values] bool streaming)
    {
        VirtualTime time = new();
        ScriptedMember cheap = new ScriptedMember("cheap", time).Next(AnswerScript.RateLimited(TimeSpan.FromSeconds(10))).Always(AnswerScript.Text("cheap"));
        ScriptedMember dear = new ScriptedMember("dear", time).Always(AnswerScript.RateLimited(TimeSpan.FromSeconds(20)));
        using RouterChatClient router = Router(time, cheap, dear);
        ChatResponse response = time.Run(() => router.AskAsync(streaming));
        Assert.That(response.Text, Is.EqualTo("cheap"));
        Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void Headroom_IsTheShareOfTheScarcestLimit()
    {
        DeploymentLimits limits = new() { MaxConcurrency = 4, RequestsPerMinute = 10 };
        DeploymentLimiter limiter = new();
        Assert.That(limiter.HeadroomAt(0, limits), Is.EqualTo(1));
        _ = limiter.TryBegin(0, 0, TimeSpan.MaxValue, limits, othersWait: false, out _);
        Assert.That(limiter.HeadroomAt(0, limits), Is.EqualTo(0.75).Within(1e-6));
        limiter.End(0, 0, 0, limits);
        Assert.That(limiter.HeadroomAt(0, limits), Is.EqualTo(0.9).Within(1e-6));
        Assert.That(limiter.HeadroomAt(TimeSpan.TicksPerMinute, limits), Is.EqualTo(1));
    }

    private static RouterChatClient Router(VirtualTime time, params ScriptedMember[] members) => new(
        "main",
        members.Select(member => new Member(member.Name, member)),
        new RouterOptions
        {
            Selection = new SelectionOptions
            {
                Objective = Objective.Cheapest,
                Members = [.. members.Select((member, i) => new SelectionMember
                {
                    Name = member.Name,
                    Card = new ModelCard { Id = member.Name, ContextWindow = 10_000, MaxOutputTokens = 100, Price = new Price { InputPerMillion = 1 + (1_000 * i), OutputPerMillion = 1 + (1_000 * i) } },
                    Deployments = [new Deployment { Name = member.Name }],
                })],
            },
        },
        new EnsembleRuntime { TimeProvider = time });
}
