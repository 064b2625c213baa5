using System.ClientModel;
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

        // An SDK that fails may cancel what else it is doing, and throws that with its error inside.
        if (error is OperationCanceledException { InnerException: { } inner } && IsOfSdk(inner, record))
        {
            return Translate(record, clock, inner);
        }

        return error switch
        {
            EnsembleException => error,

            // Nobody asked for it, so it is somebody's timeout: that of the connection for instance.
            _ when IsCutOff(error, record) => record.Fail(FailureClass.Timeout, "was cut off by a timeout", error),
            _ when !record.Sent => record.Fail(FailureClass.BadRequest, "cannot be asked this: its SDK refused the request", error),
            HttpRequestException or IOException => record.Fail(WireFaults.Classify(error), "broke off its answer", error),
            JsonException => record.Fail(FailureClass.Protocol, "sent malformed JSON", error),
            _ when SdkFailureClassifier.TryClassify(error, record.Model.Time, out Failure known) => record.Fail(known, "failed", code: null, error),
            _ => record.Fail(FailureClass.Protocol, "answered with what its SDK cannot read", error),
        };
    }

    /// <summary>What says more than the cancellation around it: an SDK's own error. A broken connection does not, which is how the sockets are cancelled.</summary>
    private static bool IsOfSdk(Exception error, AttemptRecord record) => error switch
    {
        EnsembleException or JsonException => true,
        OperationCanceledException { InnerException: { } inner } => IsOfSdk(inner, record),
        OperationCanceledException or TimeoutException or IOException or HttpRequestException => false,
        _ => !IsCutOff(error, record) && SdkFailureClassifier.TryClassify(error, record.Model.Time, out _),
    };

    /// <summary>A cancellation as it is, or inside an SDK's error that has no answer of the provider to show for itself.</summary>
    private static bool IsCutOff(Exception error, AttemptRecord record) => error is OperationCanceledException
        || (record.StatusCode < 400 && error is not ClientResultException { Status: > 0 } && error.InnerException is { } inner and not EnsembleException && IsCutOff(inner, record));

    /// <summary>An SDK ended an answer whose end the guard has not seen.</summary>
    public static Exception Unfinished(AttemptRecord record, AttemptClock clock) =>
        clock.Token.IsCancellationRequested
            ? Translate(record, clock, new OperationCanceledException(clock.Token))
            : record.Failure ?? record.Fail(FailureClass.Protocol, "ended its answer without a finish reason");
}
