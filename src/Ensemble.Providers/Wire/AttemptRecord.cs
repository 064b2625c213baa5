namespace Ensemble;

/// <summary>
/// What the wire saw of one attempt, shared by the leaf that makes the SDK call and the <see cref="WireGuard"/> beneath the SDK. No
/// SDK has a place to carry it. One that makes its request before it first waits takes it from the thread (<see cref="Handed"/>); for the
/// others it travels in the execution context (<see cref="Current"/>), which every continuation then has to restore.
/// </summary>
internal sealed class AttemptRecord(HostedModel model, bool streaming, CancellationToken cancellationToken)
{
    private static readonly AsyncLocal<AttemptRecord?> Slot = new();

    [ThreadStatic]
    private static AttemptRecord? _handed;

    private IDisposable? _open;

    public static AttemptRecord? Current
    {
        get => Slot.Value;
        set => Slot.Value = value;
    }

    /// <summary>The attempt whose call or step this thread is just making; <see langword="null"/> as soon as the SDK has returned.</summary>
    public static AttemptRecord? Handed => _handed;

    /// <summary>Hands this attempt to the SDK; dispose the result when the SDK has returned its task.</summary>
    public Hand HandOver()
    {
        if (!model.Dialect.AsksAtOnce)
        {
            Current = this;
            return default;
        }

        Hand hand = new(_handed);
        _handed = this;
        return hand;
    }

    public HostedModel Model => model;

    public bool Streaming => streaming;

    /// <summary>Fires when the attempt is over for any reason: the caller left, or its time is up.</summary>
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Whether the request has left; an SDK that throws before has refused it itself.</summary>
    public bool Sent { get; set; }

    public int StatusCode { get; set; }

    public string? RequestId { get; set; }

    public IReadOnlyDictionary<string, string> RateLimits { get; set; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The finish reason as the provider wrote it; <see langword="null"/> until it was seen.</summary>
    public string? FinishReason { get; set; }

    /// <summary>The failure that the guard raised; it counts even if an SDK swallows or wraps the exception.</summary>
    public ProviderException? Failure { get; private set; }

    public ProviderException Fail(FailureClass failureClass, string what, Exception? cause = null) =>
        Fail(new Failure(failureClass), what, code: null, cause);

    public ProviderException Fail(Failure failure, string what, string? code, Exception? cause = null) =>
        Failure ??= model.CreateException(failure, what, StatusCode, code, RequestId, cause);

    /// <summary>Who takes the events of a streamed answer instead of the SDK, if the transport can hand them over; <see langword="null"/> for nobody.</summary>
    public IEventTaker? EventTaker { get; set; }

    /// <summary>The streamed answer that was handed over; the SDK has got an empty one.</summary>
    public GuardedStream? Taken { get; set; }

    /// <summary>Whether the guard reads along with the answer.</summary>
    public bool IsGuarded { get; private set; }

    /// <summary>Remembers what has to be closed when the attempt ends before the answer does.</summary>
    public void Open(IDisposable response)
    {
        _open = response;
        IsGuarded = true;
    }

    /// <summary>Closes the connection if the answer was not read to its end, so that the provider stops computing.</summary>
    public void Abort() => Interlocked.Exchange(ref _open, null)?.Dispose();

    /// <summary>Takes the attempt back from the thread.</summary>
    public readonly ref struct Hand
    {
        private readonly AttemptRecord? _before;
        private readonly bool _handed;

        public Hand(AttemptRecord? before)
        {
            _before = before;
            _handed = true;
        }

        public void Dispose()
        {
            if (_handed)
            {
                AttemptRecord._handed = _before;
            }
        }
    }
}
