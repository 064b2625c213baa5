namespace Ensemble.Testing;

/// <summary>
/// Counts what happened to a member, so that a test can say "nothing starts after the caller left" and "every enumerator is disposed".
/// Thread-safe; each figure is exact, a set of figures read during traffic is not one moment's.
/// </summary>
public sealed class MemberCounters
{
    private int _calls;
    private int _completed;
    private int _failed;
    private int _cancelled;
    private int _concurrent;
    private int _maxConcurrent;
    private int _enumeratorsOpened;
    private int _enumeratorsDisposed;
    private int _disposals;

    /// <summary>Gets the calls that started: a whole answer asked for, or the first <c>MoveNextAsync</c> of a stream.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Gets the calls that ended as scripted without an error.</summary>
    public int Completed => Volatile.Read(ref _completed);

    /// <summary>Gets the calls that ended with a scripted error.</summary>
    public int Failed => Volatile.Read(ref _failed);

    /// <summary>Gets the calls that were cancelled: by their token, or because a stream was left before its end.</summary>
    public int Cancelled => Volatile.Read(ref _cancelled);

    /// <summary>Gets the calls that are running now.</summary>
    public int Concurrent => Volatile.Read(ref _concurrent);

    /// <summary>Gets the most calls that were ever running at once.</summary>
    public int MaxConcurrent => Volatile.Read(ref _maxConcurrent);

    /// <summary>Gets the enumerators that were asked for.</summary>
    public int EnumeratorsOpened => Volatile.Read(ref _enumeratorsOpened);

    /// <summary>Gets the enumerators that were disposed, each counted once.</summary>
    public int EnumeratorsDisposed => Volatile.Read(ref _enumeratorsDisposed);

    /// <summary>Gets how often the client itself was disposed.</summary>
    public int Disposals => Volatile.Read(ref _disposals);

    internal void Started()
    {
        Interlocked.Increment(ref _calls);
        int now = Interlocked.Increment(ref _concurrent);
        int seen;
        while ((seen = Volatile.Read(ref _maxConcurrent)) < now && Interlocked.CompareExchange(ref _maxConcurrent, now, seen) != seen)
        {
        }
    }

    internal void Ended(CallEnd end)
    {
        Interlocked.Decrement(ref _concurrent);
        switch (end)
        {
            case CallEnd.Completed:
                Interlocked.Increment(ref _completed);
                break;
            case CallEnd.Failed:
                Interlocked.Increment(ref _failed);
                break;
            default:
                Interlocked.Increment(ref _cancelled);
                break;
        }
    }

    internal void EnumeratorOpened() => Interlocked.Increment(ref _enumeratorsOpened);

    internal void EnumeratorDisposed() => Interlocked.Increment(ref _enumeratorsDisposed);

    internal void ClientDisposed() => Interlocked.Increment(ref _disposals);
}
