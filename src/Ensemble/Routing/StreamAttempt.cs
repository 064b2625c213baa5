using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// One member's stream. Nothing is handed on before the first real content: until then the attempt may fail unseen. A reader calls
/// <see cref="OpenAsync"/>, then <see cref="MoveNextAsync"/> to the end. What was held back comes first.
/// </summary>
internal sealed partial class StreamAttempt : IAsyncDisposable
{
    // A member that sends this many updates without content is broken; the bound keeps its memory so. Reasoning that was not asked for is no content, and
    // comes in thousands of pieces: it is bounded by its length.
    private const int MaximumBuffered = 256;
    private const int MaximumReasoning = 4 * 1024 * 1024;

    private readonly AttemptRunner _runner;
    private readonly Member _member;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly ChatOptions? _options;
    private readonly RequestRules? _rules;
    private readonly CancellationToken _callerToken;
    private readonly StreamLimits _limits;
    private readonly TimeSpan? _limit;
    private readonly TimeSpan? _timeLeft;
    private readonly AttemptStop _stop;
    private readonly ModelPayment? _payment;
    private readonly ReceivedUpdates _received = new();
    private readonly bool _wantsReasoning;
    private readonly long _start;
    private int _handed;
    private int _empty;
    private int _reasoning;
    private StreamWatch _watch;
    private ITimer? _watchTimer;
    private StreamPump? _updates;
    private StreamedUsage _usage;
    private Receipt? _inner;
    private ChatResponseUpdate? _final;
    private TimeSpan? _firstContent;
    private string? _tooSlow;
    private volatile bool _committed;
    private TimeSpan? _silence;
    private long _lastSign;

    /// <summary>Creates an attempt; nothing is asked before it is opened.</summary>
    /// <param name="runner">The composition's runner.</param>
    /// <param name="member">Whom to ask.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options as the member sees them.</param>
    /// <param name="rules">What the request requires; <see langword="null"/> for nothing, or when it has been checked already.</param>
    /// <param name="limits">How slow the stream may be.</param>
    /// <param name="limit">How long the first content may take.</param>
    /// <param name="timeLeft">What is left of the request's deadline.</param>
    /// <param name="payment">What pays for a model that takes it; <see langword="null"/> lets the member see to that itself.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public StreamAttempt(
        AttemptRunner runner, Member member, IReadOnlyList<ChatMessage> messages, ChatOptions? options, RequestRules? rules, StreamLimits limits, TimeSpan? limit, TimeSpan? timeLeft, ModelPayment? payment, CancellationToken cancellationToken)
    {
        _payment = payment;
        _runner = runner;
        _member = member;
        _messages = messages;
        _options = options;
        _rules = rules;
        _callerToken = cancellationToken;
        _limits = limits;
        _timeLeft = timeLeft;
        _watch = new StreamWatch(limits);
        _limit = limit;
        _stop = new AttemptStop(runner.Time, limit, cancellationToken);
        _wantsReasoning = AnswerRules.WantsReasoning(options);
        _start = runner.Time.GetTimestamp();
    }

    /// <summary>Gets who is asked.</summary>
    public Member Member => _member;

    /// <summary>Gets the update that <see cref="MoveNextAsync"/> reached.</summary>
    public ChatResponseUpdate? Current { get; private set; }

    /// <summary>Gets how the attempt ended.</summary>
    public AttemptResult? Result { get; private set; }

    /// <summary>Gets whether content has been handed on; what ends the stream after that by our own time is the request's deadline.</summary>
    public bool HasContent => _committed;

    /// <summary>Gets what the caller had received as one answer, once the stream has broken after its first content.</summary>
    public ChatResponse? Partial { get; private set; }

    /// <summary>Reads until the first real content.</summary>
    /// <returns><see langword="null"/> when content has arrived; otherwise how the attempt failed.</returns>
    public async Task<AttemptResult?> OpenAsync()
    {
        try
        {
            if (await ReadToContentAsync().ConfigureAwait(false) is { } found)
            {
                Result = Failed(found);
            }
            else if (!Commit())
            {
                // Content that comes after its time is up goes to nobody: the next member answers unseen.
                Result = Threw(new TimeoutException("The first content came after the attempt's time."));
            }
        }
        catch (Exception exception)
        {
            Result = Threw(exception);
        }

        return Result;
    }

    /// <summary>Moves to the next update: first those that were held back, then as they come.</summary>
    /// <returns><see langword="false"/> when the stream has ended, well or not: <see cref="Result"/> says how.</returns>
    public ValueTask<bool> MoveNextAsync()
    {
        if (_handed < _received.Count)
        {
            Current = _received[_handed++];
            return new(true);
        }

        return ReadAsync();
    }

    /// <summary>Makes the error of a stream that broke after content had reached the caller.</summary>
    /// <param name="composition">Whose member it is.</param>
    /// <param name="receipt">Writes the receipt.</param>
    /// <param name="continuation">What the caller had received before this stream.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public Exception Interrupted(string composition, Func<Receipt> receipt, StreamContinuation? continuation, CancellationToken cancellationToken)
    {
        AttemptResult result = Result!;
        if (result.Cancelled)
        {
            return Composition.Cancelled(result.Error, cancellationToken);
        }

        Log.Interrupted(_runner.Logger, composition, _member.Name, result.Failure.Class);
        return new StreamInterruptedException(
            $"{composition}: {_member.Name} broke off after content had reached the caller ({result.Failure.Class}: {result.Attempt.Note}); Partial holds what was received.", result.Error)
        { Partial = continuation?.Join(Partial) ?? Partial, Receipt = receipt(), Cause = result.Failure.Class };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadAsync()
    {
        try
        {
            while (await NextAsync().ConfigureAwait(false))
            {
                if (Take(_updates!.Current) is { } failure)
                {
                    Result = Failed(failure);
                    break;
                }

                if (_tooSlow is not null)
                {
                    Result = TooSlow();
                    break;
                }

                if (Current is not null)
                {
                    _handed = _received.Count;
                    return true;
                }
            }

            Result ??= AnswerRules.CheckEnd(hasContent: true, _final?.FinishReason, _member.Traits) is { } cut ? Failed(cut) : Succeeded();
        }
        catch (Exception exception)
        {
            Result = Threw(exception);
        }

        Partial = Result.Succeeded ? null : _received.ToChatResponse(_handed);
        return false;
    }

    /// <summary>Stops the member and disposes its stream; an attempt that had not ended counts as cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        TimeSpan elapsed = Elapsed;
        _watchTimer?.Dispose();
        _stop.Stop();
        if (_updates is not null)
        {
            await _stop.HoldAsync(_updates).ConfigureAwait(false);
        }

        // Only now is it settled what a stream has cost that its reader left; behind middleware its model says so in the log of its calls.
        CallLog? calls = _options.GetEnsembleRequest()?.Calls;
        _inner ??= calls?.Last;
        Result ??= AttemptRunner.Cancel(_member, elapsed, error: null, _inner, _usage.Total, _payment);
        if (Result.Attempt is { Outcome: AttemptOutcome.Failed, CostUsd: null } && ((_payment?.CostUsd ?? _inner?.CostUsd) is not null || _payment?.Source is UsageSource.Counted))
        {
            // It failed by what was found in it, before it had ended.
            Result = Result.With(Result.Attempt.Billed(_payment, _inner));
        }

        Result = calls?.WriteTo(Result) ?? Result;

        Result.GoesOn = _updates?.GoesOn;
        if (Result.GoesOn is not null && _payment?.OpenNote is { } open)
        {
            Result = Result.With(Result.Attempt.Noted(open));
        }

        _stop.Dispose();
        _received.Dispose();
    }

    private TimeSpan Elapsed => _runner.Time.GetElapsedTime(_start);

    private long Now => _runner.Time.GetElapsedTime(0).Ticks;

    // A model gives the receipt of a stream that is left to its reader, or it would give it to the sink.
    private IAsyncEnumerable<ChatResponseUpdate> Stream() => _member.Client is ModelChatClient model
        ? new PaidStream.Source(model, _messages, _options, _stop.Token) { Holder = receipt => _inner = receipt }
        : _member.Client.GetStreamingResponseAsync(_messages, _options, _stop.Token);

    private async Task<FailureClass?> ReadToContentAsync()
    {
        _rules?.Demand(_member, _messages, _options);
        _updates = new StreamPump(
            _payment is not null
                ? ((ModelChatClient)_member.Client).Stream(_messages, _options, _payment, _stop.Token)
                : Stream().GetAsyncEnumerator(_stop.Token),
            error => Log.DisposeFailed(_runner.Logger, error.GetType().Name, _member.Name));
        _stop.WhenOver(_updates.Leave);
        ListenForSilence();
        while (await FirstAsync(_updates).ConfigureAwait(false))
        {
            if (Take(_updates.Current) is { } failure)
            {
                return failure;
            }

            if (_firstContent is not null)
            {
                return null;
            }

            if (_silence is not null)
            {
                Volatile.Write(ref _lastSign, Now);
            }

            if (_empty >= MaximumBuffered || _reasoning > MaximumReasoning)
            {
                return FailureClass.Protocol;
            }
        }

        return AnswerRules.CheckEnd(hasContent: false, _final?.FinishReason, _member.Traits) ?? FailureClass.Empty;
    }

    // Returns false when the stop has fired already; from then on it belongs to the deadline alone.
    private bool Commit()
    {
        if (_limit is not null)
        {
            TimeSpan? left = _timeLeft - Elapsed;
            if (left <= TimeSpan.Zero)
            {
                _stop.Stop();
            }
            else
            {
                _stop.Rearm(left);
            }
        }

        if (_stop.Token.IsCancellationRequested)
        {
            return false;
        }

        _committed = true;
        if (_limits.FirstLook is { } idle)
        {
            if (_watchTimer is not { } timer || !timer.Change(idle, Timeout.InfiniteTimeSpan))
            {
                _watchTimer = WatchAfter(idle);
            }
        }
        else
        {
            _watchTimer?.Dispose();
        }

        return true;
    }

    // A member may keep the thread beyond the grace before it gives anything to wait for.
    private ValueTask<bool> FirstAsync(StreamPump updates)
    {
        ValueTask<bool> next = updates.MoveNextAsync();
        if (!next.IsCompleted && _stop.IsOver)
        {
            updates.Leave();
        }

        return next;
    }

    private ValueTask<bool> NextAsync()
    {
        ValueTask<bool> next = _updates!.MoveNextAsync();
        if (next.IsCompleted)
        {
            return next;
        }

        _watch.Begin(Now);
        if (_stop.IsOver)
        {
            // The grace ended while the consumer held an update.
            _updates.Leave();
        }

        return next;
    }

    private AttemptResult Threw(Exception exception) =>
        _tooSlow is not null && !_callerToken.IsCancellationRequested ? TooSlow(exception)
        : AttemptRunner.WithCalls(_runner.Fail(_member, exception, Elapsed, _callerToken, _inner, _usage.Total, _payment, outOfTime: _stop.Token.IsCancellationRequested), _options);

    private AttemptResult TooSlow(Exception? exception = null) =>
        AttemptRunner.WithCalls(_runner.Fail(_member, new Failure(FailureClass.Timeout), _tooSlow!, Elapsed, exception, _inner, _usage.Total, _payment), _options);

    private AttemptResult Failed(FailureClass failure) =>
        AttemptRunner.WithCalls(_runner.Fail(_member, new Failure(failure), AttemptRunner.Explain(failure), Elapsed, inner: _inner, usage: _usage.Total, payment: _payment), _options);

    private AttemptResult Succeeded() =>
        AttemptRunner.WithCalls(_runner.Succeed(_member, response: null, Elapsed, _usage.Total, _inner, _firstContent, _payment), _options);
}
