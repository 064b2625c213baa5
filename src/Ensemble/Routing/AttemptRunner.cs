using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Ensemble;

/// <summary>Asks one member once and turns whatever happens into a result; nothing is thrown and nothing is tried again.</summary>
internal sealed class AttemptRunner
{
    /// <summary>How the note of an attempt begins that the rules of the request refuse.</summary>
    public const string RefusedPrefix = "the rules refuse it: ";

    private readonly string _composition;
    private readonly EnsembleRuntime _runtime;
    private readonly ILogger _logger;
    private readonly FailureReader _failures;

    public AttemptRunner(string composition, TimeSpan? timeout, EnsembleRuntime runtime)
    {
        _composition = composition;
        _runtime = runtime;
        _logger = runtime.LoggerFactory.CreateLogger(Log.Category);
        _failures = new FailureReader(runtime.FailureClassifiers, runtime.TimeProvider);
        Timeout = timeout;
    }

    /// <summary>Gets the timeout: of a whole answer, or of a stream up to its first content. After that the consumer's pace would count against the member.</summary>
    public TimeSpan? Timeout { get; }

    public TimeProvider Time => _runtime.TimeProvider;

    /// <summary>Finds what a request requires of every model; <see langword="null"/> for nothing.</summary>
    /// <exception cref="NoEligibleModelException">They deny the composition itself.</exception>
    public RequestRules? Rules(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        RequestRules? rules = RequestRules.Of(messages, options, _runtime);
        return rules?.Denies(_composition) is not true ? rules : throw new NoEligibleModelException(_composition, [rules.Deny(_composition, rules.Profile(messages, options))]);
    }

    public ILogger Logger => _logger;

    /// <summary>Returns the envelope that a request runs in; <see langword="null"/> when nothing limits it that what is nested in it would have to share.</summary>
    public Envelope? Envelope(ChatOptions? options, bool isLimited = false) => Ensemble.Envelope.Of(options, _runtime, isLimited);

    /// <summary>Asks for a whole answer.</summary>
    /// <param name="member">Whom.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options as the member sees them.</param>
    /// <param name="rules">What the request requires; <see langword="null"/> for nothing, or when it has been checked already.</param>
    /// <param name="limit">How long it may take; <see langword="null"/> for no limit but the caller's.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <param name="payment">What pays for a model that takes it; <see langword="null"/> lets the member see to that itself.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptResult> AskAsync(
        Member member, IReadOnlyList<ChatMessage> messages, ChatOptions? options, RequestRules? rules, TimeSpan? limit, CancellationToken cancellationToken, ModelPayment? payment = null)
    {
        long start = payment?.Start ?? Time.GetTimestamp();
        Task<ChatResponse>? call = null;
        AttemptStop? stop = null;
        try
        {
            rules?.Demand(member, messages, options);
            if (limit is null && !cancellationToken.CanBeCanceled)
            {
                return WithCalls(Judge(member, await Call(member, messages, options, payment, CancellationToken.None).ConfigureAwait(false), options, Time.GetElapsedTime(start), payment), options);
            }

            stop = new AttemptStop(Time, limit, cancellationToken);
            call = Call(member, messages, options, payment, stop.Token).AsTask();
            return WithCalls(Judge(member, await stop.HoldAsync(call).ConfigureAwait(false), options, Time.GetElapsedTime(start), payment), options);
        }
        catch (Exception exception)
        {
            AttemptResult failed = WithCalls(Fail(member, exception, Time.GetElapsedTime(start), cancellationToken, payment: payment, outOfTime: stop is { Token.IsCancellationRequested: true }), options);
            failed.GoesOn = call is { IsCompleted: false } ? call : null;
            return failed.GoesOn is not null && payment?.OpenNote is { } open ? failed.With(failed.Attempt.Noted(open)) : failed;
        }
        finally
        {
            stop?.Dispose();
        }
    }

    /// <summary>Makes the result of an attempt that threw. When the caller has left, nothing that follows is the member's failure.</summary>
    public AttemptResult Fail(Member member, Exception exception, TimeSpan duration, CancellationToken cancellationToken, Receipt? inner = null, UsageDetails? usage = null, ModelPayment? payment = null, bool outOfTime = false)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Cancel(member, duration, exception, inner ?? ReceiptOf(exception), usage);
        }

        Failure failure = _failures.Read(exception);
        if (exception is NoEligibleModelException refused)
        {
            // Nobody was asked, so nobody has failed.
            return new()
            {
                Attempt = Describe(member, AttemptOutcome.Skipped, duration, usage, ReceiptOf(exception) ?? inner, note: refused.Refusals.Count == 0 ? refused.Message : $"{RefusedPrefix}{string.Join("; ", refused.Refusals.Select(static refusal => refusal.Reason).Distinct())}", costUsd: refused.Receipt is null ? 0m : null),
                Failure = failure,
                Error = exception,
            };
        }

        return Fail(member, failure, FailureReader.Describe(exception), duration, exception, ReceiptOf(exception) ?? inner, usage, payment, outOfTime);
    }

    /// <summary>Adds what middleware asked of the member besides the last call, which was paid for too.</summary>
    public static AttemptResult WithCalls(AttemptResult result, ChatOptions? options) => options.GetEnsembleRequest()?.Calls?.WriteTo(result) ?? result;

    /// <summary>Reads the class of an exception.</summary>
    public Failure Read(Exception exception) => _failures.Read(exception);

    /// <summary>Makes the result of an attempt that failed.</summary>
    public AttemptResult Fail(Member member, Failure failure, string note, TimeSpan duration, Exception? error = null, Receipt? inner = null, UsageDetails? usage = null, ModelPayment? payment = null, bool outOfTime = false)
    {
        Attempt attempt = Describe(member, AttemptOutcome.Failed, duration, payment?.Corrected ?? usage, inner, failure: failure.Class, note: note, payment: payment, costUsd: error is BudgetExceededException { Receipt: null } ? 0m : payment?.CostUsd, source: payment?.Source ?? UsageSource.Unknown);
        Log.Failed(_logger, _composition, member.Name, failure.Class, note, duration.TotalMilliseconds);
        return new() { Attempt = attempt, Failure = failure, Error = error, OutOfTime = outOfTime && failure.Class is FailureClass.Timeout };
    }

    /// <summary>Makes the result of an attempt that answered.</summary>
    public AttemptResult Succeed(Member member, ChatResponse? response, TimeSpan duration, UsageDetails? usage, Receipt? inner, TimeSpan? firstContent = null, ModelPayment? payment = null)
    {
        Log.Answered(_logger, _composition, member.Name, duration.TotalMilliseconds);
        return new() { Attempt = Describe(member, AttemptOutcome.Answered, duration, usage, inner, firstContent, payment: payment), Response = response };
    }

    /// <summary>Makes the result of an attempt that ended because nobody wants its answer any more.</summary>
    public static AttemptResult Cancel(Member member, TimeSpan duration, Exception? error = null, Receipt? inner = null, UsageDetails? usage = null, ModelPayment? payment = null) => new()
    {
        Attempt = Describe(member, AttemptOutcome.Cancelled, duration, usage, inner, payment: payment),
        Failure = new Failure(FailureClass.Cancelled),
        Error = error,
    };

    /// <summary>Describes an attempt; the receipt of a model is taken apart, that of a composition becomes a branch.</summary>
    public static Attempt Describe(
        Member member, AttemptOutcome outcome, TimeSpan duration, UsageDetails? usage, Receipt? inner, TimeSpan? firstContent = null, FailureClass? failure = null, string? note = null, decimal? costUsd = null, ModelPayment? payment = null, UsageSource source = UsageSource.Unknown)
    {
        usage = payment?.Corrected ?? usage;
        bool isComposition = inner is not null && inner.Kind != ModelChatClient.Kind;
        Attempt? own = !isComposition && inner is { Attempts: [.., { } last] } ? last : null;
        return new Attempt
        {
            Member = member.Name,
            Outcome = outcome,
            Failure = failure,
            Note = note ?? own?.Note ?? payment?.Remarks,
            BudgetLeftNanoUsd = payment?.LeftNanoUsd,
            Duration = duration,
            TimeToFirstContent = firstContent,
            InputTokens = usage?.InputTokenCount ?? inner?.InputTokens,
            CachedInputTokens = usage?.CachedInputTokenCount ?? inner?.CachedInputTokens,
            OutputTokens = usage?.OutputTokenCount ?? inner?.OutputTokens,
            UsageSource = payment?.Corrected is not null || source is UsageSource.Counted ? UsageSource.Counted : usage is not null || inner?.InputTokens is not null ? UsageSource.Reported : own?.UsageSource ?? payment?.Source ?? source,
            CostUsd = costUsd ?? payment?.CostUsd ?? (inner is not null ? inner.CostUsd : member.Traits.InProcess ? 0m : null),
            Receipt = isComposition ? inner : null,
        };
    }

    /// <summary>Reads the receipt that travels on an error, whoever made that.</summary>
    public static Receipt? ReceiptOf(Exception exception) => (exception as EnsembleException)?.Receipt ?? exception.Data[ModelChatClient.ReceiptKey] as Receipt;

    /// <summary>Says what is wrong with an answer that was not thrown at us.</summary>
    public static string Explain(FailureClass failure) => failure switch
    {
        FailureClass.Empty => "the answer is empty",
        FailureClass.OutputLimit => "the output limit was reached before any text; raise MaxOutputTokens",
        FailureClass.ContentFilter => "a content filter refused",
        FailureClass.Protocol => "the answer carries an error, or ends without a finish reason",
        _ => failure.ToString(),
    };

    private static ValueTask<ChatResponse> Call(Member member, IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelPayment? payment, CancellationToken cancellationToken) =>
        payment is not null ? ((ModelChatClient)member.Client).AskAsync(messages, options, payment, cancellationToken) : new(member.Client.GetResponseAsync(messages, options, cancellationToken) ?? throw new InvalidOperationException("The member gave no task."));

    private AttemptResult Judge(Member member, ChatResponse response, ChatOptions? options, TimeSpan duration, ModelPayment? payment)
    {
        if (response is null)
        {
            throw new InvalidOperationException("The member gave no response.");
        }

        // A receipt on the answer of a model that was paid for from here comes out of a cache behind it, and tells of another call.
        Receipt? inner = payment is null ? response.GetReceipt() : null;
        if (AnswerRules.Check(response, options, member.Traits) is { } failure)
        {
            return Fail(member, new Failure(failure), Explain(failure), duration, inner: inner, usage: response.Usage, payment: payment);
        }

        return Succeed(member, response, duration, response.Usage, inner, payment: payment);
    }
}
