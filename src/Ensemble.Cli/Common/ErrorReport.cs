using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Ensemble.Cli;

/// <summary>Turns an error into the one message and the exit code that the user sees. A stack trace is never shown.</summary>
internal static class ErrorReport
{
    /// <summary>Explains an error that is part of normal life.</summary>
    /// <param name="error">The error.</param>
    /// <param name="message">The message to print, without the word "error".</param>
    /// <param name="exitCode">The exit code.</param>
    /// <returns><see langword="false"/> for an error that is a bug here and should surface as one.</returns>
    public static bool TryExplain(Exception error, [NotNullWhen(true)] out string? message, out int exitCode)
    {
        (message, exitCode) = error switch
        {
            CliException known => (known.Message, known.ExitCode),
            OptionsValidationException invalid => (string.Join(Environment.NewLine, invalid.Failures), ExitCode.Usage),
            EnsembleException { FailureClass: FailureClass.BadRequest or FailureClass.UnsupportedOption or FailureClass.PromptTooLong } refused => (refused.Message, ExitCode.Usage),
            EnsembleException failed => (WithAttempts(failed), ExitCode.Failed),
            FormatException or InvalidDataException => (WithInner(error), ExitCode.Usage),
            IOException or UnauthorizedAccessException => (error.Message, ExitCode.Usage),
            _ => (null, ExitCode.Failed),
        };
        return message is not null;
    }

    private static string WithInner(Exception error) =>
        error.InnerException is { } inner ? $"{error.Message} {inner.Message}" : error.Message;

    private static string WithAttempts(EnsembleException error)
    {
        IEnumerable<string> failures = error.Attempts
            .Where(attempt => attempt.Outcome == AttemptOutcome.Failed && attempt.Note is not null && !error.Message.Contains(attempt.Note, StringComparison.Ordinal))
            .Select(attempt => $"  {attempt.Member}: {attempt.Note}");
        return string.Join(Environment.NewLine, failures.Prepend(error.Message));
    }
}
