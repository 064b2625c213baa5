namespace Ensemble;

/// <summary>One of two attempts that race, up to its answer or the first content of its stream.</summary>
/// <param name="step">The places that it holds.</param>
/// <param name="own">Its token, which fires when the caller's does, or when it has lost.</param>
/// <param name="stream">Its stream; <see langword="null"/> when the answer comes whole.</param>
/// <param name="done">Ends with the failure or the whole answer; with <see langword="null"/> when a stream has content.</param>
internal sealed class Contender(RouteStep step, CancellationTokenSource own, StreamAttempt? stream, Task<AttemptResult?> done)
{
    private readonly StreamAttempt? _stream = stream;

    public RouteStep Step => step;

    public StreamAttempt? Stream => _stream;

    public Task<AttemptResult?> Done => done;

    /// <summary>Gets whether it has ended, and well.</summary>
    public bool HasWon => done.IsCompletedSuccessfully && done.Result is null or { Succeeded: true };

    /// <summary>Gives its token back once nothing runs under it.</summary>
    public void Release() => own.Dispose();

    /// <summary>Stops it, and ends it off the caller's path.</summary>
    /// <param name="run">The request.</param>
    /// <param name="wasAskedFirst">Whether it was asked before the one that won.</param>
    /// <param name="elapsed">How long it has taken.</param>
    /// <param name="learns">Whether that says something about its deployment.</param>
    public void Lose(RouteRun run, bool wasAskedFirst, TimeSpan elapsed, bool learns)
    {
        if (wasAskedFirst && learns)
        {
            // It took longer than this. Left out, the slow calls would be missing from what is learned, and the delay would shrink without end.
            step.Lane.Health.TimesOf(_stream is not null).Add(elapsed);
        }

        if (learns)
        {
            run.MayGoOn(step.Target, wasAskedFirst);
        }

        // Also a call that has just answered: whoever lost has lost.
        own.Cancel();
        string why = learns ? "another attempt was faster" : "the request ended with the other attempt";
        run.Lost(new HedgedLoser(step.Member, wasAskedFirst, elapsed, why, EndAsync(run, why)));
    }

    /// <summary>Ends it after a failure that leaves the other in the race.</summary>
    public async Task FailAsync(RouteRun run, CancellationToken cancellationToken)
    {
        AttemptResult? result = await done.ConfigureAwait(false);
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            result = _stream.Result;
        }

        step.End(result!, _stream);
        own.Dispose();
        run.Failed(step, result!, cancellationToken);
    }

    private async Task<Attempt> EndAsync(RouteRun run, string why)
    {
        AttemptResult? result = await done.ConfigureAwait(false);
        if (_stream is not null)
        {
            await _stream.DisposeAsync().ConfigureAwait(false);
            result = _stream.Result;
        }

        step.End(result!, _stream);
        Attempt attempt = AsLost(result!.Attempt, why);
        run.EndLost(step.Member, attempt);
        own.Dispose();
        return attempt;
    }

    // One that answered in the same moment has an answer that nobody got.
    private static Attempt AsLost(Attempt attempt, string why) => attempt.Outcome is AttemptOutcome.Failed ? attempt : new Attempt
    {
        Member = attempt.Member,
        Outcome = AttemptOutcome.Cancelled,
        Note = why,
        Duration = attempt.Duration,
        InputTokens = attempt.InputTokens,
        CachedInputTokens = attempt.CachedInputTokens,
        OutputTokens = attempt.OutputTokens,
        UsageSource = attempt.UsageSource,
        CostUsd = attempt.CostUsd,
        Receipt = attempt.Receipt,
    };
}
