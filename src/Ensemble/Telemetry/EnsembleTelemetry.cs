using System.Diagnostics;

namespace Ensemble;

/// <summary>Names the telemetry of an ensemble: <c>tracing.AddSource(EnsembleTelemetry.SourceName)</c> collects compositions and their models.</summary>
public static class EnsembleTelemetry
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = "Ensemble";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of a composition. It counts no tokens: those are on the spans of its models, which follow OpenTelemetry's gen_ai conventions.</summary>
    internal static Activity? Start(string kind, string name)
    {
        Activity? activity = Source.HasListeners() ? Source.StartActivity($"{kind} {name}") : null;
        activity?.SetTag("ensemble.kind", kind);
        activity?.SetTag("ensemble.name", name);
        return activity;
    }

    /// <summary>Writes on a span how the request ended.</summary>
    internal static void Finish(Activity? activity, Receipt receipt, Exception? error = null)
    {
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
        string? type = error switch
        {
            OperationCanceledException => nameof(FailureClass.Cancelled),
            EnsembleException own when own.FailureClass != FailureClass.Unknown => own.FailureClass.ToString(),
            _ => error.GetType().FullName,
        };
        activity?.SetTag("error.type", type);
        activity?.SetStatus(ActivityStatusCode.Error);
    }
}
