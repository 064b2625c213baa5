namespace Ensemble;

/// <summary>A call that waits for its turn.</summary>
internal sealed class GateWaiter(long tokens, long deadline)
{
    public long Tokens { get; } = tokens;

    public long Deadline { get; } = deadline;

    /// <summary>Gets or sets the place in the queue; <see langword="null"/> once the turn was given or given up, which happens under the gate's lock and once.</summary>
    public LinkedListNode<GateWaiter>? Node { get; set; }

    public TaskCompletionSource<GateLease> Turn { get; } = new();
}
