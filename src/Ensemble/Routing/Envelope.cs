using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// What a request and everything nested in it share: one deadline, one count of attempts, one purse. It rides on the request in the
/// options, as a reference that is never serialised: that is the only thing which function invocation hands on, without an AsyncLocal.
/// Thread-safe.
/// </summary>
internal sealed class Envelope
{
    // A timer of the platform holds 49.7 days; the grace comes on top.
    private static readonly TimeSpan LongestLimit = TimeSpan.FromDays(49);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly TimeSpan? _limit;
    private readonly Envelope? _outer;
    private int _attemptsLeft;
    private int _isFirstTurnCounted;

    private Envelope(TimeProvider time, TimeSpan? limit, int? maxAttempts, SpendContext spend, RequestTurns? turns)
    {
        _time = time;
        _start = time.GetTimestamp();
        _limit = limit;
        _attemptsLeft = maxAttempts ?? int.MaxValue;
        Spend = spend;
        Turns = turns;
    }

    private Envelope(Envelope outer, TimeSpan? limit, int? maxAttempts, SpendContext spend, RequestTurns? turns)
        : this(outer._time, limit, maxAttempts, spend, turns) => _outer = outer;

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

    /// <summary>Gets where the turns of the request come together; <see langword="null"/> when nobody sums them up.</summary>
    public RequestTurns? Turns { get; }

    /// <summary>Starts the envelope of a request. One that is part of another shares its purse, and keeps the limits of both.</summary>
    /// <exception cref="UnsupportedOptionException">The time limit is longer than a timer can be.</exception>
    public static Envelope Start(EnsembleRequest? request, string? conversation, TimeProvider time, RequestTurns? turns)
    {
        TimeSpan? limit = Least(Checked(request?.TimeLimit, nameof(EnsembleRequest.TimeLimit)), Checked(request?.Requirements.Deadline, "Requirements.Deadline"));
        return request?.Envelope is { } outer
            ? new Envelope(outer, limit, request.MaxAttempts, outer.Spend.Within(request.MaxUsd), turns) { _isFirstTurnCounted = request.IsNested ? 1 : 0 }
            : new Envelope(time, limit, request?.MaxAttempts, new SpendContext { Tenant = request?.Tenant, ConversationId = request?.Conversation ?? conversation, CapUsd = request?.MaxUsd }, turns);
    }

    /// <summary>Returns the envelope that a request runs in; <see langword="null"/> when nothing limits it that what is nested in it would have to share.</summary>
    public static Envelope? Of(ChatOptions? options, EnsembleRuntime runtime, bool isLimited = false)
    {
        EnsembleRequest? request = options.GetEnsembleRequest();
        TimeSpan? tenant = DeadlineOf(request, runtime);
        if (request?.Envelope is { } running)
        {
            // Whoever started it knew neither what the tenant requires nor what middleware has required since. Counted from here, the same deadline changes nothing.
            return running.Within(Least(tenant, Checked(request.Requirements.Deadline, "Requirements.Deadline")), maxAttempts: null);
        }

        bool limits = isLimited || tenant is not null || request is { TimeLimit: not null } or { Requirements.Deadline: not null } or { MaxUsd: not null } or { MaxAttempts: not null };
        return limits || runtime.Ledger is { SharesRequests: true } ? Start(request, options?.ConversationId, runtime.TimeProvider, turns: null).Within(tenant, maxAttempts: null) : null;
    }

    /// <summary>
    /// Says how long a model may take that is asked by its own name; <see langword="null"/> for no limit. Within a composition that keeps the time,
    /// and who sums up the turns of a request keeps the time of its envelope.
    /// </summary>
    /// <exception cref="UnsupportedOptionException">The time limit is longer than a timer can be.</exception>
    public static TimeSpan? LimitOf(EnsembleRequest? request, EnsembleRuntime runtime) =>
        request is { IsNested: true }
            ? null
            : Least(
                DeadlineOf(request, runtime),
                Least(
                    Checked(request?.Requirements.Deadline, "Requirements.Deadline"),
                    request?.Envelope is not { } running ? Checked(request?.TimeLimit, nameof(EnsembleRequest.TimeLimit)) : running.Turns is null ? running.TimeLeft : null));

    private static TimeSpan? DeadlineOf(EnsembleRequest? request, EnsembleRuntime runtime) => Checked(runtime.Tenants?.OrNone(request?.Tenant).Deadline, "Require:DeadlineSeconds of the tenant");

    public static TimeSpan? Least(TimeSpan? left, TimeSpan? right) => left is null ? right : right is null || left < right ? left : right;

    /// <summary>Makes the envelope of a part, whose own limits never reach beyond those of the whole.</summary>
    public Envelope Within(TimeSpan? limit, int? maxAttempts) => limit is null && maxAttempts is null ? this : new Envelope(this, limit, maxAttempts, Spend, Turns);

    /// <summary>Takes one attempt, of this and of all outer envelopes.</summary>
    /// <returns><see langword="false"/> when none is left; then none is taken.</returns>
    public bool TryTakeAttempt() => TryTake(isTurn: false);

    /// <summary>Takes the attempt of one of the turns of a request. Within a composition the first of them is the call that the composition itself has counted.</summary>
    /// <returns><see langword="false"/> when none is left; then none is taken.</returns>
    public bool TryTakeTurn() => TryTake(isTurn: true);

    private bool TryTake(bool isTurn)
    {
        if (_attemptsLeft != int.MaxValue)
        {
            // Never below zero: what is given back later must be there.
            int left;
            do
            {
                left = Volatile.Read(ref _attemptsLeft);
                if (left <= 0)
                {
                    return false;
                }
            }
            while (Interlocked.CompareExchange(ref _attemptsLeft, left - 1, left) != left);
        }

        if (_outer is null || (isTurn && Interlocked.Exchange(ref _isFirstTurnCounted, 0) == 1) || _outer.TryTake(isTurn))
        {
            return true;
        }

        GiveOwnBack();
        return false;
    }

    /// <summary>Gets whether an attempt is left.</summary>
    public bool HasAttempt => Volatile.Read(ref _attemptsLeft) > 0 && (_outer is null or { HasAttempt: true });

    /// <summary>Gets whether the attempts are counted, here or further out.</summary>
    public bool LimitsAttempts => _attemptsLeft != int.MaxValue || _outer is { LimitsAttempts: true };

    /// <summary>Gives back an attempt that was taken for a call which was never sent.</summary>
    public void GiveAttemptBack()
    {
        GiveOwnBack();
        _outer?.GiveAttemptBack();
    }

    private void GiveOwnBack()
    {
        if (_attemptsLeft != int.MaxValue)
        {
            _ = Interlocked.Increment(ref _attemptsLeft);
        }
    }

    private static TimeSpan? Checked(TimeSpan? limit, string setting) => limit is null || limit <= LongestLimit ? limit : throw new UnsupportedOptionException(
        string.Create(CultureInfo.InvariantCulture, $"{setting} of the request is {limit.Value.TotalDays:0.##} days; give at most {LongestLimit.TotalDays:0} days, or none."));
}
