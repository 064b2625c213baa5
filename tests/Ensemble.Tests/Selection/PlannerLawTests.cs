using System.Net;
using CsCheck;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests.Selection;

/// <summary>The planner around the pure decision: its counter, what it learned, health and conversations.</summary>
internal sealed class PlannerLawTests
{
    /// <summary>What a member does when it is asked for the nth time.</summary>
    private readonly record struct Behaviour(int Milliseconds, int Output, int Input, bool Fails);

    private static readonly Gen<Behaviour> Behaviours = Gen.Select(Gen.Int[0, 3_000], Gen.Int[1, 400], Gen.Int[1, 4_000], Gen.Int[0, 9])
        .Select((milliseconds, output, input, fails) => new Behaviour(milliseconds, output, input, fails == 0));

    [Test]
    public Task TwoPlannersWithTheSameHistory_DecideTheSame() =>
        Gen.Select(Behaviours.Array[12], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 500], Gen.Int[0, 900]).Array[1, 12], Gen.Int[0, 6], Gen.Bool).SampleAsync(
            async (behaviours, requests, objective, streaming) =>
            {
                List<string> one = await RunAsync(behaviours, requests, objective, streaming);
                List<string> other = await RunAsync(behaviours, requests, objective, streaming);
                Assert.That(other, Is.EqualTo(one));
            },
            iter: 150);

    private static async Task<List<string>> RunAsync(Behaviour[] behaviours, (int Kind, int Length, int Pause)[] requests, int objective, bool streaming)
    {
        FakeTimeProvider time = new();
        int calls = 0;
        string[] names = ["a", "b", "c"];
        RouterChatClient router = new(
            "main",
            names.Select((name, member) => new Member(name, new FakeClient(_ =>
            {
                Behaviour now = behaviours[(calls++ + member) % behaviours.Length];
                time.Advance(TimeSpan.FromMilliseconds(now.Milliseconds));
                return now.Fails
                    ? throw new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable)
                    : FakeClient.Pieces(new UsageDetails { InputTokenCount = now.Input, OutputTokenCount = now.Output }, [name]);
            }))),
            new RouterOptions
            {
                Selection = new()
                {
                    Seed = 7,
                    Objective = objective switch
                    {
                        0 => Objective.Order,
                        1 => Objective.Best,
                        2 => Objective.Fastest,
                        3 => Objective.FastestToFirstToken,
                        4 => Objective.Greenest,
                        5 => Objective.Weighted(new ObjectiveWeights { Cost = 1, Time = 1 }),
                        _ => Objective.Cheapest,
                    },
                    Members = [.. names.Select((name, i) => Choosing.Member(name, input: 1 + (i % 2), output: 2, quality: 0.5, deployments: [new Deployment { Name = name }]))],
                },
            },
            new EnsembleRuntime { TimeProvider = time });
        List<string> told = [];
        foreach ((int kind, int length, int pause) in requests)
        {
            time.Advance(TimeSpan.FromSeconds(pause));
            ChatOptions options = new ChatOptions().WithEnsemble(request => request with { Requirements = kind == 0 ? new Requirements { Deadline = TimeSpan.FromSeconds(1) } : Requirements.None });
            try
            {
                ChatResponse response = await router.AskAsync(streaming, new string('x', length * 10), options);
                told.Add(response.Text + ": " + string.Join("; ", response.GetReceipt()!.Notes));
            }
            catch (EnsembleException error)
            {
                told.Add(error.GetType().Name);
            }
        }

        return told;
    }
}
