namespace Ensemble;

/// <summary>An attempt that another one beat. It was stopped, and is awaited off the caller's path until it has ended and is paid.</summary>
internal sealed class HedgedLoser(Member member, bool wasAskedFirst, TimeSpan duration, string why, Task<Attempt> ending)
{
    // A whole answer's receipt is written once, so it waits this long for the bill of a call that was stopped; a member that takes longer
    // to obey is awaited without the caller.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    /// <summary>Gets whether it was asked before the one that won.</summary>
    public bool WasAskedFirst => wasAskedFirst;

    /// <summary>Gets what is known of it now.</summary>
    public Attempt Attempt => ending.IsCompletedSuccessfully ? ending.Result : new Attempt
    {
        Member = member.Name,
        Outcome = AttemptOutcome.Cancelled,
        Duration = duration,
        Note = $"{why}; it was still ending when this was written, and the ledger holds its cost",
    };

    /// <summary>Waits a moment for all of them.</summary>
    public static async ValueTask AwaitAsync(IReadOnlyList<HedgedLoser> losers, TimeProvider time)
    {
        if (losers.All(static loser => loser.Ending.IsCompleted))
        {
            return;
        }

        using Alarm alarm = new(Moment, time);
        _ = await Task.WhenAny(Task.WhenAll(losers.Select(static loser => loser.Ending)), alarm.Rung).ConfigureAwait(false);
    }

    private Task<Attempt> Ending => ending;
}
