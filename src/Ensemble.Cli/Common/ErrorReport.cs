using Microsoft.Extensions.Options;

namespace Ensemble.Cli;

/// <summary>Turns an error into the one message and the exit code that the user sees. A stack trace is never shown.</summary>
internal static class ErrorReport
{
    /// <summary>Explains an error.</summary>
    /// <param name="error">The error.</param>
    /// <returns>The message to print, without the word "error", and the exit code.</returns>
    public static (string Message, int ExitCode) Explain(Exception error) => error switch
    {
        CliException known => (known.Message, known.ExitCode),
        LedgerException { InnerException: CliException known } => (known.Message, known.ExitCode),
        OptionsValidationException invalid => (string.Join(Environment.NewLine, invalid.Failures), ExitCode.Usage),
        EnsembleException { FailureClass: FailureClass.BadRequest or FailureClass.UnsupportedOption or FailureClass.PromptTooLong } refused => (refused.Message, ExitCode.Usage),
        EnsembleException failed => (WithAttempts(failed), ExitCode.Failed),
        HttpRequestException or TimeoutException => (error.Message, ExitCode.Failed),
        NotSupportedException or FormatException or InvalidDataException => (WithInner(error), ExitCode.Usage),
        IOException or UnauthorizedAccessException => (error.Message, ExitCode.Usage),
        _ => ($"This should not have happened: {error.GetType().Name}: {error.Message} Please report it together with the output of 'ensemble doctor --json'.", ExitCode.Failed),
    };

    private static string WithInner(Exception error) =>
        error.InnerException is { } inner && !error.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{error.Message} {inner.Message}" : error.Message;

    private static string WithAttempts(EnsembleException error)
    {
        IEnumerable<string> failures = error.Attempts
            .Where(attempt => attempt.Outcome == AttemptOutcome.Failed && attempt.Note is not null && !error.Message.Contains(attempt.Note, StringComparison.Ordinal))
            .Select(attempt => $"  {attempt.Member}: {attempt.Note}");
        return string.Join(Environment.NewLine, failures.Prepend(error.Message));
    }
}
