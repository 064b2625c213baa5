using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// One member's stream. Nothing is handed on before the first real content: until then the attempt may fail unseen. A reader calls
/// <see cref="OpenAsync"/>, then <see cref="Buffered"/>, then <see cref="MoveNextAsync"/> to the end.
/// </summary>
internal sealed class StreamAttempt : IAsyncDisposable
{
    // A member that sends this many updates without content is broken; the bound keeps its memory so.
    private const int MaximumBuffered = 256;

    private readonly AttemptRunner _runner;
    private readonly Member _member;
    private readonly IEnumerable<ChatMessage> _messages;
    private readonly ChatOptions? _options;
    private readonly CancellationToken _callerToken;
    private readonly CancellationTokenSource _stop;
    private readonly List<ChatResponseUpdate> _received = [];
    private readonly bool _wantsReasoning;
    private readonly long _start;
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private UsageDetails? _usage;
    private Receipt? _inner;
    private ChatFinishReason? _finish;
    private TimeSpan? _firstContent;

    public StreamAttempt(AttemptRunner runner, Member member, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        _runner = runner;
        _member = member;
        _messages = messages;
        _options = options;
        _callerToken = cancellationToken;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _wantsReasoning = AnswerRules.WantsReasoning(options);
        _start = runner.Time.GetTimestamp();
    }

    /// <summary>Gets who is asked.</summary>
    public Member Member => _member;

    /// <summary>Gets what was held back until the first content; to be handed on first.</summary>
    public IReadOnlyList<ChatResponseUpdate> Buffered => _received;

    /// <summary>Gets the update that <see cref="MoveNextAsync"/> reached.</summary>
    public ChatResponseUpdate? Current { get; private set; }

    /// <summary>Gets how the attempt ended.</summary>
    public AttemptResult? Result { get; private set; }

    /// <summary>Gets what the member has sent so far as one answer.</summary>
    public ChatResponse Partial => _received.ToChatResponse();

    /// <summary>Reads until the first real content.</summary>
    /// <returns><see langword="null"/> when content has arrived; otherwise how the attempt failed.</returns>
    public async Task<AttemptResult?> OpenAsync()
    {
        try
        {
            FailureClass? failure = await _runner.Pipeline.ExecuteAsync(
                static async (attempt, token) => await attempt.ReadToContentAsync(token).ConfigureAwait(false), this, _callerToken).ConfigureAwait(false);
            if (failure is { } found)
            {
                Result = Failed(found);
            }
        }
        catch (Exception exception)
        {
            Result = _runner.Fail(_member, exception, Elapsed, _callerToken, _inner, _usage);
        }

        return Result;
    }

    /// <summary>Reads the next update after the first content.</summary>
    /// <returns><see langword="false"/> when the stream has ended, well or not: <see cref="Result"/> says how.</returns>
    public async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            while (await _updates!.MoveNextAsync().ConfigureAwait(false))
            {
                if (Take(_updates.Current) is { } failure)
                {
                    Result = Failed(failure);
                    return false;
                }

                if (Current is not null)
                {
                    return true;
                }
            }

            Result = AnswerRules.CheckEnd(hasContent: true, _finish, _member.Traits) is { } cut ? Failed(cut) : Succeeded();
        }
        catch (Exception exception)
        {
            Result = _runner.Fail(_member, exception, Elapsed, _callerToken, _inner, _usage);
        }

        return false;
    }

    /// <summary>Stops the member and disposes its stream; an attempt that had not ended counts as cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        Result ??= AttemptRunner.Cancel(_member, Elapsed, error: null, _inner, _usage);
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            if (_updates is not null)
            {
                await _updates.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // How the attempt ended is settled; a stream that fails while it is closed changes nothing about it.
            Log.DisposeFailed(_runner.Logger, exception.GetType().Name, _member.Name);
        }
        finally
        {
            _stop.Dispose();
        }
    }

    private TimeSpan Elapsed => _runner.Time.GetElapsedTime(_start);

    private async Task<FailureClass?> ReadToContentAsync(CancellationToken timeout)
    {
        using CancellationTokenRegistration link = timeout.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _stop);
        _updates = _member.Client.GetStreamingResponseAsync(_messages, _options, _stop.Token).GetAsyncEnumerator(_stop.Token);
        while (await _updates.MoveNextAsync().ConfigureAwait(false))
        {
            if (Take(_updates.Current) is { } failure)
            {
                return failure;
            }

            if (_firstContent is not null)
            {
                return null;
            }

            if (_received.Count >= MaximumBuffered)
            {
                return FailureClass.Protocol;
            }
        }

        return AnswerRules.CheckEnd(hasContent: false, _finish, _member.Traits) ?? FailureClass.Empty;
    }

    // Sets Current to what goes on to the caller, or to null when the update held only the member's receipt.
    private FailureClass? Take(ChatResponseUpdate update)
    {
        Current = ReceiptCarrier.Detach(update, out Receipt? receipt);
        _inner = receipt ?? _inner;
        foreach (AIContent content in update.Contents)
        {
            if (AnswerRules.IsError(content))
            {
                return FailureClass.Protocol;
            }

            if (content is UsageContent { Details: { } details })
            {
                (_usage ??= new UsageDetails()).Add(details);
            }
            else if (_firstContent is null && AnswerRules.IsContent(content, _wantsReasoning))
            {
                _firstContent = Elapsed;
            }
        }

        _finish = update.FinishReason ?? _finish;
        if (Current is not null)
        {
            _received.Add(Current);
        }

        return null;
    }

    private AttemptResult Failed(FailureClass failure) =>
        _runner.Fail(_member, new Failure(failure), AttemptRunner.Explain(failure), Elapsed, inner: _inner, usage: _usage);

    private AttemptResult Succeeded() =>
        _runner.Succeed(_member, response: null, Elapsed, _usage, _inner, _firstContent);
}
