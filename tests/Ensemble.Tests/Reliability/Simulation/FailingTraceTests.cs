using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A simulation that cannot fail proves nothing: here its parts are broken on purpose, and what it then prints is small.</summary>
[NonParallelizable]
public class FailingTraceTests
{
    [Test]
    public void AnExecutorThatJoinsTwoTexts_IsFound_AndShownByTheRequestsThatItTakes()
    {
        SimulationPlan plan = SimulationPlan.First(seed: 7, requests: 600);
        static SimulationWorld Make(SimulationPlan plan) => new(plan, static (router, members) => new Joining(router, members[3]), tellsStory: true);
        string told = Simulation.Explain(plan, Make);
        string[] lines = told.Split(Environment.NewLine);
        Assert.Multiple(() =>
        {
            Assert.That(lines[0], Does.Match("^seed 7, [12] requests:$"));
            Assert.That(lines[^2], Does.Match("streamed: .*m[0-4] .* after [1-5] pieces"), told);
            Assert.That(lines[^1], Does.StartWith("  => ").And.Contain("answered 'm"), told);
            Assert.That(lines, Has.Length.LessThanOrEqualTo(4), told);
        });
    }

    [Test]
    public void ALedgerThatLosesASettlement_IsFound_AndShownByOneRequest()
    {
        SimulationPlan plan = SimulationPlan.First(seed: 8, requests: 400);
        static SimulationWorld Make(SimulationPlan plan) => new(plan, store: new Forgetful(), tellsStory: true);
        string told = Simulation.Explain(plan, Make);
        Assert.That(told.Split(Environment.NewLine), Has.Length.LessThanOrEqualTo(9), told);
        Assert.That(told, Does.Contain("nano-dollars stay reserved"));
    }

    [Test]
    public void UsageThatIsBookedTwice_IsFound()
    {
        using SimulationWorld world = new(SimulationPlan.First(seed: 10, requests: 200), watchesMoney: true, reportsTwice: true);
        world.Run();
        Assert.That(world.Violations, Has.Some.Contains("are booked as reported, and members reported"));
    }

    [Test]
    public void APlanWithFewerRequests_IsTheSameStoryWithChaptersLeftOut()
    {
        SimulationPlan plan = SimulationPlan.First(seed: 9, requests: 100);
        using SimulationWorld whole = Simulation.Sound(plan), part = Simulation.Sound(plan with { Requests = plan.Requests[60..70] });
        whole.Run();
        part.Run();
        (int, string, string)[] first = [.. part.Story!.Where(call => call.Request == 60).Take(1)];
        Assert.That(whole.Story!.Where(static call => call.Request == 60), Has.Some.EqualTo(first[0]));
        Assert.That(whole.Violations.Concat(part.Violations), Is.Empty);
    }

    /// <summary>What the popular gateways do: when a stream breaks, another's whole text is put behind it.</summary>
    private sealed class Joining(IChatClient router, SimulationMember other) : DelegatingChatClient(router)
    {
        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await using IAsyncEnumerator<ChatResponseUpdate> updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync())
                    {
                        yield break;
                    }
                }
                catch (StreamInterruptedException)
                {
                    break;
                }

                yield return updates.Current;
            }

            int index = int.Parse(messages.Last().Text.AsSpan("request ".Length), System.Globalization.CultureInfo.InvariantCulture);
            yield return new ChatResponseUpdate(ChatRole.Assistant, other.Whole(index));
        }
    }

    /// <summary>Settles every call but those that cost nothing.</summary>
    private sealed class Forgetful : ILedgerStore
    {
        private readonly MemoryLedgerStore _inner = new();

        public ValueTask<ReserveOutcome> ReserveAsync(LedgerReservation reservation, CancellationToken cancellationToken) => _inner.ReserveAsync(reservation, cancellationToken);

        public ValueTask<SettleOutcome> SettleAsync(LedgerSettlement settlement, CancellationToken cancellationToken) => _inner.SettleAsync(settlement, cancellationToken);

        public ValueTask<SettleOutcome> ReleaseAsync(Guid id, CancellationToken cancellationToken) => new(SettleOutcome.Settled);

        public ValueTask<LedgerBalance> GetBalanceAsync(LedgerAccount account, CancellationToken cancellationToken) => _inner.GetBalanceAsync(account, cancellationToken);

        public ValueTask<IReadOnlyList<UsageLine>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken) => _inner.GetUsageAsync(query, cancellationToken);
    }
}
