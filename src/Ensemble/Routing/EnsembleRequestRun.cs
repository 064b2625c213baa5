using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Ensemble;

/// <summary>One request with all its turns, from its envelope to the receipt that sums them up.</summary>
internal sealed class EnsembleRequestRun : IDisposable
{
    internal const string Kind = "request";

    // Compositions below take up to the grace for a member that does not obey; this much later nobody waits for their receipts either.
    private static readonly TimeSpan Grace = AttemptStop.Grace + TimeSpan.FromMilliseconds(250);

    private readonly CancellationToken _caller;
    private readonly RequestTurns _turns;
    private readonly Turn? _turn;
    private readonly ReceiptBuilder _receipt;

    public EnsembleRequestRun(ChatOptions? options, TimeProvider time, CancellationToken cancellationToken)
    {
        EnsembleRequest? request = options.GetEnsembleRequest();
        _turn = Turn.Begin(request, cancellationToken);
        _caller = _turn?.Token ?? cancellationToken;
        _receipt = new ReceiptBuilder(Kind, Kind, time);
        _turns = new RequestTurns(_caller);
        Envelope envelope = Envelope.Start(request, options?.ConversationId, time, _turns);
        Stop = new AttemptStop(time, envelope.TimeLeft, _caller, Grace);
        _turns.Stop = Stop.Token;
        Options = options.WithEnsemble(r => r with { Envelope = envelope, IsNested = false });
    }

    /// <summary>Gets the options with the envelope.</summary>
    public ChatOptions Options { get; }

    /// <summary>Gets what stops the turns, and leaves those that do not obey.</summary>
    public AttemptStop Stop { get; }

    /// <summary>Keeps a receipt that came up with an answer.</summary>
    public void Found(Receipt receipt) => _turns.Find(new TurnEnd(receipt, Answered: true, Error: null, Runtime: null));

    /// <summary>Ends a request that was answered.</summary>
    public Receipt Answered()
    {
        Receipt sum = Sum(answered: true);
        _ = _turn?.TryEnd(sum, answered: true, error: null, _turns.Runtime ?? EnsembleRuntime.Default);
        return sum;
    }

    /// <summary>Ends a request that was not answered, and puts the receipt on the error.</summary>
    /// <returns>The error that the caller gets: its cancellation carries its own token, and the deadline is the deadline's error.</returns>
    public Exception Failed(Exception exception)
    {
        bool stopped = exception is OperationCanceledException || (exception is TimeoutException && Stop.IsOver);
        Exception error = !stopped ? exception
            : _caller.IsCancellationRequested ? Composition.Cancelled(exception, _caller)
            : _turns.IsLate ? new DeadlineExceededException("The deadline of the request has passed.", exception)
            : exception;
        if (AttemptRunner.ReceiptOf(exception) is { } below)
        {
            _turns.Find(new TurnEnd(below, Answered: false, exception, Runtime: null));
        }

        End(error);
        return error;
    }

    /// <summary>Ends a request whose reader left.</summary>
    public void Abandoned() => End(error: null);

    /// <summary>Hears of an exception while a stream was closed, which concerns nobody else.</summary>
    public void CloseFailed(Exception exception)
    {
        if (_turns.Runtime is { } runtime)
        {
            Log.DisposeFailed(Logger(runtime), exception.GetType().Name, Kind);
        }
    }

    /// <summary>Says that nobody waits any more, and stops whatever is still at work.</summary>
    public void Leave()
    {
        _turns.Leave();
        Stop.Stop();
    }

    public void Dispose()
    {
        _turns.Leave();
        Stop.Dispose();
        _turn?.Dispose();
        _turns.Dispose();
    }

    private void End(Exception? error)
    {
        Receipt sum = Sum(answered: false);
        EnsembleRuntime? runtime = _turns.Runtime;
        bool isKept = _turn?.TryEnd(sum, answered: false, error, runtime ?? EnsembleRuntime.Default) is true;
        if (error is EnsembleException own)
        {
            own.Attach(sum);
        }
        else if (error is not (null or OperationCanceledException))
        {
            error.Data[ModelChatClient.ReceiptKey] = sum;
        }
        else if (!isKept && runtime is not null)
        {
            Composition.Report(sum, runtime, Logger(runtime));
        }
    }

    private Receipt Sum(bool answered)
    {
        Receipt? last = null;
        foreach (TurnEnd turn in _turns.Close())
        {
            turn.WriteTo(_receipt);
            last = turn.Receipt;
        }

        return answered ? _receipt.Build(last?.AnsweredBy, last?.Vote) : _receipt.Build();
    }

    private static ILogger Logger(EnsembleRuntime runtime) => runtime.LoggerFactory.CreateLogger(Log.Category);
}
