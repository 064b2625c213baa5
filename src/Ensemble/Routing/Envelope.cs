using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// What a request and everything nested in it share: one deadline, one count of attempts, one purse. It rides on the request in the
/// options, as a reference that is never serialised: that is the only thing which function invocation hands on, without an AsyncLocal.
/// Thread-safe.
/// </summary>
internal sealed class Envelope
{
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan? _limit;
    private readonly Envelope? _outer;
    private readonly List<Receipt>? _turns;
    private int _attemptsLeft;

    private Envelope(TimeProvider time, TimeSpan? limit, int? maxAttempts, SpendContext spend, bool collects)
    {
        _time = time;
        _start = time.GetTimestamp();
        _limit = limit;
        _attemptsLeft = maxAttempts ?? int.MaxValue;
        Spend = spend;
        _turns = collects ? [] : null;
    }

    private Envelope(Envelope outer, TimeSpan? limit, int? maxAttempts)
        : this(outer._time, limit, maxAttempts, outer.Spend, collects: false) => _outer = outer;

    /// <summary>Gets who pays.</summary>
    public SpendContext Spend { get; }

    /// <summary>Gets what is left of the deadline, never negative; <see langword="null"/> when there is none.</summary>
    public TimeSpan? TimeLeft
    {
        get
        {
            TimeSpan? own = _limit - _time.GetElapsedTime(_start);
            TimeSpan? outer = _outer?.TimeLeft;
            return Least(own < TimeSpan.Zero ? TimeSpan.Zero : own, outer);
        }
    }

    /// <summary>Gets the receipts of the turns so far, in order; empty unless somebody collects them.</summary>
    public IReadOnlyList<Receipt> Turns
    {
        get
        {
            if (_turns is null)
            {
                return [];
            }

            lock (_turns)
            {
                return [.. _turns];
            }
        }
    }

    /// <summary>Starts the envelope of a request.</summary>
    public static Envelope Start(EnsembleRequest? request, string? conversation, TimeProvider time, bool collects) => new(
        time,
        Least(request?.TimeLimit, request?.Requirements.Deadline),
        request?.MaxAttempts,
        new SpendContext { Tenant = request?.Tenant, ConversationId = conversation, CapUsd = request?.MaxUsd },
        collects);

    /// <summary>Returns the envelope that a request runs in; <see langword="null"/> when nothing limits it that what is nested in it would have to share.</summary>
    public static Envelope? Of(ChatOptions? options, EnsembleRuntime runtime, bool isLimited = false)
    {
        EnsembleRequest? request = options.GetEnsembleRequest();
        return request?.Envelope
            ?? (isLimited || request is { TimeLimit: not null } or { Requirements.Deadline: not null } or { MaxUsd: not null } or { MaxAttempts: not null } || runtime.Ledger is { SharesRequests: true }
                ? Start(request, options?.ConversationId, runtime.TimeProvider, collects: false)
                : null);
    }

    public static TimeSpan? Least(TimeSpan? left, TimeSpan? right) => left is null ? right : right is null || left < right ? left : right;

    /// <summary>Makes the envelope of a part, whose own limits never reach beyond those of the whole.</summary>
    public Envelope Within(TimeSpan? limit, int? maxAttempts) => limit is null && maxAttempts is null ? this : new Envelope(this, limit, maxAttempts);

    /// <summary>Takes one attempt, of this and of all outer envelopes.</summary>
    /// <returns><see langword="false"/> when none is left.</returns>
    public bool TryTakeAttempt() =>
        _attemptsLeft == int.MaxValue ? _outer?.TryTakeAttempt() ?? true
        : Interlocked.Decrement(ref _attemptsLeft) >= 0 && (_outer?.TryTakeAttempt() ?? true);

    /// <summary>Keeps the receipt of one turn.</summary>
    public void Collect(Receipt receipt)
    {
        if (_turns is not null)
        {
            lock (_turns)
            {
                _turns.Add(receipt);
            }
        }
    }
}
