namespace Ensemble;

/// <summary>
/// Where the turns of one request come together: whatever is asked at the root of a turn, composition or model, puts its receipt here however
/// it ends, and whoever started the request sums them up. It rides on the envelope. Thread-safe.
/// </summary>
internal sealed class RequestTurns : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<TurnEnd> _ended = [];
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _left;
    private bool _closed;

    /// <summary>Creates an empty list.</summary>
    /// <param name="caller">The token of the caller of the whole.</param>
    public RequestTurns(CancellationToken caller)
    {
        _caller = caller;
        _left = CancellationTokenSource.CreateLinkedTokenSource(caller);
        Left = _left.Token;
    }

    /// <summary>Gets what fires when nobody waits for the request any more.</summary>
    public CancellationToken Left { get; }

    /// <summary>Gets or sets what the turns are stopped by: the caller's leaving, and the deadline.</summary>
    public CancellationToken Stop { private get; set; }

    /// <summary>Gets whether the turns were stopped by the deadline, and somebody still waits for what they say about it.</summary>
    public bool IsLate => Stop.IsCancellationRequested && !_caller.IsCancellationRequested && !Left.IsCancellationRequested;

    /// <summary>Gets how many turns have ended.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _ended.Count;
            }
        }
    }

    /// <summary>Gets the surroundings of the turns; <see langword="null"/> before the first has ended.</summary>
    public EnsembleRuntime? Runtime
    {
        get
        {
            lock (_lock)
            {
                return _ended.FindLast(static turn => turn.Runtime is not null)?.Runtime;
            }
        }
    }

    /// <summary>Finds where a turn of this request is written down; <see langword="null"/> when nobody sums up, or when a composition asks within its turn.</summary>
    public static RequestTurns? Of(EnsembleRequest? request) => request is { IsNested: false, Envelope.Turns: { } turns } ? turns : null;

    /// <summary>Writes down how a turn ended.</summary>
    /// <returns><see langword="false"/> when it came too late for the sum: then the receipt is still the turn's to report.</returns>
    public bool TryAdd(TurnEnd turn)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _ended.Add(turn);
            }

            return !_closed;
        }
    }

    /// <summary>Writes down what was found on an answer or an error that came from below, unless whoever wrote it has done so.</summary>
    public void Find(TurnEnd turn)
    {
        lock (_lock)
        {
            if (!_closed && !_ended.Exists(known => ReferenceEquals(known.Receipt, turn.Receipt)))
            {
                _ended.Add(turn);
            }
        }
    }

    /// <summary>Puts one turn in the place of all that ended since there were so many: it tells of them too.</summary>
    public void Replace(int since, TurnEnd turn)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _ended.RemoveRange(since, _ended.Count - since);
                _ended.Add(turn);
            }
        }
    }

    /// <summary>Ends the collection.</summary>
    /// <returns>The turns in the order in which they ended.</returns>
    public IReadOnlyList<TurnEnd> Close()
    {
        lock (_lock)
        {
            _closed = true;
            return _ended;
        }
    }

    /// <summary>Says that nobody waits any more.</summary>
    public void Leave() => _left.Cancel();

    public void Dispose() => _left.Dispose();
}
