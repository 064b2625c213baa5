using System.Text.Json;

namespace Ensemble;

/// <summary>Turns whatever an SDK throws into one of the engine's failures.</summary>
internal static class Failures
{
    public static Exception Translate(AttemptRecord record, AttemptClock clock, Exception error)
    {
        if (clock.Caller.IsCancellationRequested)
        {
            return new OperationCanceledException("The caller cancelled the request.", error, clock.Caller);
        }

        // What the guard saw counts, whatever the SDK has made of it.
        if (record.Failure is { } failure)
        {
            return failure;
        }

        if (clock.HasRunOut)
        {
            return record.Fail(FailureClass.Timeout, $"did not answer within {clock.Allowed.TotalSeconds:0.###} s", error);
        }

        return error switch
        {
            EnsembleException => error,

            // Nobody asked for it, so it is somebody's timeout: that of the connection for instance.
            OperationCanceledException => record.Fail(FailureClass.Timeout, "was cut off by a timeout", error),
            _ when !record.Sent => record.Fail(FailureClass.BadRequest, "cannot be asked this: its SDK refused the request", error),
            HttpRequestException or IOException => record.Fail(WireFaults.Classify(error), "broke off its answer", error),
            JsonException => record.Fail(FailureClass.Protocol, "sent malformed JSON", error),
            _ when SdkFailureClassifier.TryClassify(error, record.Model.Time, out Failure known) => record.Fail(known, "failed", code: null, error),
            _ => record.Fail(FailureClass.Protocol, "answered with what its SDK cannot read", error),
        };
    }

    /// <summary>An SDK ended an answer whose end the guard has not seen.</summary>
    public static Exception Unfinished(AttemptRecord record, AttemptClock clock) =>
        clock.Token.IsCancellationRequested
            ? Translate(record, clock, new OperationCanceledException(clock.Token))
            : record.Failure ?? record.Fail(FailureClass.Protocol, "ended its answer without a finish reason");
}
