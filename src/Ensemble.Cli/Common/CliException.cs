namespace Ensemble.Cli;

/// <summary>An error that the user can fix: the message names what is wrong and the fix, and nothing else is printed.</summary>
internal class CliException(string message, int exitCode = ExitCode.Usage) : Exception(message)
{
    /// <summary>Gets the exit code that the error ends the command with.</summary>
    public int ExitCode { get; } = exitCode;
}
