using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// The stream of a model, paid for: reserved before the first move, settled at its end, when it breaks, or when its reader leaves. Written
/// out instead of as an iterator: a piece that is there already is passed on without a state machine, and none allocates. A reader that
/// brings its own payment takes the figures from it; others get a last update with the receipt. One reader at a time.
/// </summary>
internal sealed class PaidStream : IAsyncEnumerator<ChatResponseUpdate>
{
    private readonly ModelChatClient _model;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly ChatOptions? _options;
    private readonly ModelPayment _payment;
    private readonly bool _givesReceipt;
    private readonly bool _wantsReasoning;
    private readonly CancellationToken _cancellationToken;
    private readonly ReceivedText _received = new();
    private bool _hasOther;
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private StreamedUsage _usage;
    private TimeSpan? _firstContent;
    private ChatResponseUpdate? _final;
    private bool _started;
    private bool _closed;

    /// <summary>Creates a stream; nothing is reserved or asked before the first move.</summary>
    public PaidStream(ModelChatClient model, IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelPayment payment, bool givesReceipt, CancellationToken cancellationToken)
    {
        (_model, _messages, _options, _payment, _givesReceipt, _cancellationToken) = (model, messages, options, payment, givesReceipt, cancellationToken);
        _wantsReasoning = AnswerRules.WantsReasoning(options);
    }

    /// <summary>Gets what stops the call besides its reader, with the reader's own token; <see langword="null"/> when somebody else keeps the time.</summary>
    public (AttemptStop Stop, CancellationToken Caller)? Limit { get; init; }

    /// <summary>Gets what the composition that reads the stream does with the receipt when it leaves; <see langword="null"/> for any other reader.</summary>
    public Action<Receipt>? Holder { get; init; }

    public ChatResponseUpdate Current { get; private set; } = null!;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_updates is null || _closed)
        {
            return _started ? new(false) : StartAsync();
        }

        ValueTask<bool> next;
        try
        {
            next = _updates.MoveNextAsync();
        }
        catch (Exception exception)
        {
            next = ValueTask.FromException<bool>(exception);
        }

        if (!next.IsCompletedSuccessfully)
        {
            return AwaitAsync(next);
        }

        return next.Result ? new(Take(_updates.Current)) : EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_updates is not null)
            {
                await _updates.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            if (_started && !_closed)
            {
                // The reader left; what came until then was made and is billed.
                _closed = true;
                await BookAsync(_received.ToString(), hasEnded: _final is not null).ConfigureAwait(false);
                if (_givesReceipt)
                {
                    _model.Leave(_payment, _usage.Total, _firstContent, Holder);
                }
            }

            _received.Dispose();
        }
    }

    private async ValueTask<bool> StartAsync()
    {
        _started = _closed = true;
        try
        {
            await _model.ReserveAsync(_payment, _messages, _options, _cancellationToken).ConfigureAwait(false);
            _cancellationToken.ThrowIfCancellationRequested();
            _model.TakeAttempt(_payment);
        }
        catch (Exception exception)
        {
            await _model.ReleaseUnsentAsync(_payment, exception).ConfigureAwait(false);
            if (Limit is { } limit && _model.Stopped(exception, limit.Stop, limit.Caller) is var error && error != exception)
            {
                _model.Failed(error, _payment, usage: null);
                _model.HandOn(_payment, error);
                throw error;
            }

            if (_givesReceipt)
            {
                _model.HandOn(_payment, exception);
            }

            throw;
        }

        _closed = false;
        try
        {
            _updates = _model.Open(_messages, _payment, _cancellationToken);
        }
        catch (Exception exception)
        {
            Exception error = await BreakAsync(exception).ConfigureAwait(false);
            if (error != exception)
            {
                throw error;
            }

            throw;
        }

        return await MoveNextAsync().ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AwaitAsync(ValueTask<bool> next)
    {
        bool more;
        try
        {
            more = await next.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Exception error = await BreakAsync(exception).ConfigureAwait(false);
            if (error != exception)
            {
                throw error;
            }

            throw;
        }

        return more ? Take(_updates!.Current) : await EndAsync().ConfigureAwait(false);
    }

    private bool Take(ChatResponseUpdate update)
    {
        Current = update;
        if (_final is not null && LastUpdate.IsRepeated(_final, update))
        {
            return true;
        }

        _final = update.FinishReason is null ? _final : update;
        IList<AIContent> contents = update.Contents;
        for (int i = 0; i < contents.Count; i++)
        {
            AIContent content = contents[i];
            if (content is TextContent text)
            {
                _received.Append(text.Text);
            }
            else if (content is TextReasoningContent thought)
            {
                _received.Append(thought.Text);
            }
            else if (content is UsageContent { Details: { } details })
            {
                _usage.Add(details);
                continue;
            }
            else if (content is FunctionCallContent call)
            {
                _received.Append(ModelPayment.TextOf(call));
            }
            else
            {
                _hasOther = true;
            }

            if (_firstContent is null && _givesReceipt && AnswerRules.IsContent(content, _wantsReasoning))
            {
                _firstContent = _model.Since(_payment);
            }
        }

        if (update.AdditionalProperties is { } properties)
        {
            _payment.LeafNote = LeafNotes.Read(properties) ?? _payment.LeafNote;
        }

        return true;
    }

    private ValueTask BookAsync(string received, bool hasEnded)
    {
        if (IsSilent)
        {
            return _payment.ForfeitAsync();
        }

        return _payment.SettleAsync(_usage.Total, received, hasEnded);
    }

    private async ValueTask<bool> EndAsync()
    {
        _closed = true;
        await BookAsync(Counted(), hasEnded: true).ConfigureAwait(false);
        if (!_givesReceipt)
        {
            return false;
        }

        Receipt receipt = _model.Answered(_payment, _usage.Total, _firstContent);
        _model.HandOn(_payment, receipt, answered: true);
        Current = ReceiptCarrier.Update(receipt);
        return true;
    }

    private async ValueTask<Exception> BreakAsync(Exception exception)
    {
        _closed = true;
        await _model.CloseAsync(_payment, exception, _usage.Total, _received.ToString()).ConfigureAwait(false);
        Exception error = Limit is { } limit ? _model.Stopped(exception, limit.Stop, limit.Caller) : exception;
        _model.Failed(error, _payment, _usage.Total);
        if (_givesReceipt)
        {
            _model.HandOn(_payment, error);
        }

        return error;
    }

    // Nothing came that could be counted, and nothing was reported: it may have been thought, and billed, to the limit.
    private bool IsSilent => _usage.Total is null && !_hasOther && _received.IsEmpty;

    // What the provider has counted need not be counted here, and then no string is made of it.
    private string Counted() => _usage.Total is { InputTokenCount: not null, OutputTokenCount: not null } ? "" : _received.ToString();

    /// <summary>The stream as a caller sees it, who may read it more than once: each time it is asked, and paid for, anew.</summary>
    internal sealed class Source(ModelChatClient model, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken callerToken) : IAsyncEnumerable<ChatResponseUpdate>
    {
        /// <summary>Gets what the composition that reads the stream does with the receipt when it leaves; <see langword="null"/> for any other reader.</summary>
        public Action<Receipt>? Holder { get; init; }

        public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            if (cancellationToken.CanBeCanceled && callerToken.CanBeCanceled && cancellationToken != callerToken)
            {
                return Linked(cancellationToken).GetAsyncEnumerator(CancellationToken.None);
            }

            CancellationToken caller = callerToken.CanBeCanceled ? callerToken : cancellationToken;
            ModelPayment payment = model.Payment(options);
            return model.LimitOf(payment.Request) is { } limit
                ? TimedStream.Read(model, messages, options, payment, limit, Holder, CancellationToken.None).GetAsyncEnumerator(caller)
                : new PaidStream(model, messages, options, payment, givesReceipt: true, caller) { Holder = Holder };
        }

        private async IAsyncEnumerable<ChatResponseUpdate> Linked([EnumeratorCancellation] CancellationToken other)
        {
            using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(callerToken, other);
            await foreach (ChatResponseUpdate update in new Source(model, messages, options, both.Token) { Holder = Holder }.ConfigureAwait(false))
            {
                yield return update;
            }
        }
    }
}
