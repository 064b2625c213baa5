namespace Ensemble;

/// <summary>
/// Two attempts at one answer: the second starts when the first is slower than usual, the first to answer wins, and the other is stopped.
/// At most two run at a time, and nothing starts once the caller has left.
/// </summary>
internal static class HedgedRace
{
    /// <summary>Runs the race.</summary>
    /// <param name="run">The request.</param>
    /// <param name="first">The attempt under way.</param>
    /// <param name="delay">After which time the second starts.</param>
    /// <param name="second">Starts the second attempt; <see langword="null"/> when nobody can be asked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The one that won, or that failed last; failures before that are recorded.</returns>
    public static async Task<Contender> RunAsync(RouteRun run, Contender first, TimeSpan delay, Func<Contender?> second, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        if (!await IsLaterAsync(first.Done, delay, time).ConfigureAwait(false) || cancellationToken.IsCancellationRequested || second() is not { } beside)
        {
            _ = await first.Done.ConfigureAwait(false);
            return first;
        }

        long secondStart = time.GetTimestamp();
        _ = await Task.WhenAny(first.Done, beside.Done).ConfigureAwait(false);
        Contender ended = first.Done.IsCompleted && (first.HasWon || !beside.HasWon) ? first : beside;
        Contender other = ended == first ? beside : first;
        AttemptResult? result = await ended.Done.ConfigureAwait(false);
        run.Hedged(beside.Step, beside.Done.IsCompletedSuccessfully ? beside.Done.Result : null, first.Step, delay);
        if (ended == beside && !ended.HasWon && !result!.Cancelled && run.Stops(result))
        {
            // It was asked only to be quick: what it refuses must not lose the answer that the first is still at.
            AttemptResult? own = await first.Done.ConfigureAwait(false);
            if (first.HasWon || run.Stops(own!))
            {
                beside.Lose(run, wasAskedFirst: false, time.GetElapsedTime(secondStart), learns: false);
                return first;
            }

            await first.FailAsync(run, cancellationToken).ConfigureAwait(false);
            return beside;
        }

        if (ended.HasWon || run.Stops(result!))
        {
            other.Lose(run, wasAskedFirst: other == first, time.GetElapsedTime(other == first ? start : secondStart), learns: ended.HasWon);
            return ended;
        }

        // The failure of one leaves the other in the race.
        await ended.FailAsync(run, cancellationToken).ConfigureAwait(false);
        _ = await other.Done.ConfigureAwait(false);
        return other;
    }

    private static async Task<bool> IsLaterAsync(Task done, TimeSpan delay, TimeProvider time)
    {
        if (done.IsCompleted)
        {
            return false;
        }

        using Alarm alarm = new(delay, time);
        return await Task.WhenAny(done, alarm.Rung).ConfigureAwait(false) != done;
    }
}
