namespace Ensemble;

/// <summary>
/// One turn of a request that somebody around it sums up: where its receipt goes, and its token. A composition keeps the request's deadline
/// itself; the token that comes down from the whole fires for it as well, so that tools see it, and would be taken for the caller's leaving. A
/// turn's own fires only when the caller has left, or when nobody waits any more.
/// </summary>
internal sealed class Turn : IDisposable
{
    private readonly RequestTurns _turns;
    private readonly CancellationTokenSource? _own;
    private readonly CancellationTokenRegistration _given;
    private readonly CancellationTokenRegistration _left;

    private Turn(RequestTurns turns, bool hasDeadline, CancellationToken cancellationToken)
    {
        _turns = turns;
        Token = cancellationToken;
        if (hasDeadline)
        {
            _own = new CancellationTokenSource();
            Token = _own.Token;
            _given = cancellationToken.UnsafeRegister(static state => ((Turn)state!).Stopped(), this);
            _left = turns.Left.UnsafeRegister(static state => ((Turn)state!)._own!.Cancel(), this);
        }
    }

    /// <summary>Gets the token of the turn.</summary>
    public CancellationToken Token { get; }

    /// <summary>Begins a turn.</summary>
    /// <param name="request">The request as it came to the composition.</param>
    /// <param name="cancellationToken">The token that came with it.</param>
    /// <returns><see langword="null"/> when nobody sums up: the composition's receipt stands for itself.</returns>
    public static Turn? Begin(EnsembleRequest? request, CancellationToken cancellationToken) =>
        RequestTurns.Of(request) is { } turns ? new Turn(turns, request!.Envelope!.TimeLeft is not null, cancellationToken) : null;

    /// <summary>Ends the turn.</summary>
    /// <returns><see langword="false"/> when nobody waits for its receipt any more.</returns>
    public bool TryEnd(Receipt receipt, bool answered, Exception? error, EnsembleRuntime runtime) => _turns.TryAdd(new TurnEnd(receipt, answered, error, runtime));

    public void Dispose()
    {
        _given.Dispose();
        _left.Dispose();
        _own?.Dispose();
    }

    private void Stopped()
    {
        if (!_turns.IsLate)
        {
            _own!.Cancel();
        }
    }
}
