using System.Diagnostics;

namespace Ensemble;

/// <summary>
/// Names the telemetry of an ensemble: <c>tracing.AddSource(EnsembleTelemetry.SourceName)</c> collects compositions and their models,
/// <c>metrics.AddMeter(EnsembleTelemetry.MeterName)</c> counts what they do.
/// </summary>
public static class EnsembleTelemetry
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = "Ensemble";

    /// <summary>The name of the meter, whose instruments <c>docs/reliability.md</c> lists. The meter of the platform's own telemetry of models has the same name.</summary>
    public const string MeterName = "Ensemble";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of a composition. It counts no tokens: those are on the spans of its models, which follow OpenTelemetry's gen_ai conventions.</summary>
    internal static Activity? Start(string kind, string name)
    {
        Activity? activity = Source.HasListeners() ? Source.StartActivity($"{kind} {name}") : null;
        activity?.SetTag("ensemble.kind", kind);
        activity?.SetTag("ensemble.name", name);
        return activity;
    }

    /// <summary>Measures how a request ended, and writes it on its span.</summary>
    internal static void Finish(Activity? activity, EnsembleRuntime runtime, Receipt receipt, Exception? error = null)
    {
        runtime.Metrics.Ended(receipt, error);
        if (activity is null)
        {
            return;
        }

        activity.SetTag("ensemble.attempts", receipt.Attempts.Count);
        activity.SetTag("ensemble.answered_by", receipt.AnsweredBy);
        activity.SetTag("ensemble.degraded", receipt.Degraded);
        if (receipt.Vote is { } vote)
        {
            activity.SetTag("ensemble.vote.outcome", vote.Outcome.ToString());
            activity.SetTag("ensemble.vote.agreement", vote.Agreement);
        }

        if (error is not null)
        {
            Fail(activity, error);
        }
    }

    /// <summary>Writes on a span that the request failed, or that its caller cancelled it.</summary>
    internal static void Fail(Activity? activity, Exception error)
    {
        activity?.SetTag(EnsembleMetrics.ErrorTag, TypeOf(error));
        activity?.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Names the class of an error.</summary>
    internal static string? TypeOf(Exception error) => error switch
    {
        OperationCanceledException => nameof(FailureClass.Cancelled),
        EnsembleException own when own.FailureClass != FailureClass.Unknown => own.FailureClass.ToString(),
        _ => error.GetType().FullName,
    };
}
