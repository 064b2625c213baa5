namespace Ensemble;

/// <summary>A call that waits for its turn.</summary>
internal sealed class GateWaiter(long tokens, long deadline)
{
    private ITimer? _limit;

    public long Tokens { get; } = tokens;

    public long Deadline { get; } = deadline;

    /// <summary>Gets or sets how long it waits while no place is left but those of calls that were given up.</summary>
    public TimeSpan? WhileDeaf { get; set; }

    /// <summary>Gets or sets the place in the queue; <see langword="null"/> once the turn was given or given up, which happens under the gate's lock and once.</summary>
    public LinkedListNode<GateWaiter>? Node { get; set; }

    public TaskCompletionSource<GateLease> Turn { get; } = new();

    /// <summary>Says what ends the wait when nobody knows whether a place will ever be free again.</summary>
    public void LimitBy(ITimer timer)
    {
        Interlocked.Exchange(ref _limit, timer)?.Dispose();
        if (Turn.Task.IsCompleted)
        {
            timer.Dispose();
        }
    }

    /// <summary>Ends the wait.</summary>
    public void End() => Interlocked.Exchange(ref _limit, null)?.Dispose();
}
