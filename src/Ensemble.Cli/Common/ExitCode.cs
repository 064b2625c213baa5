namespace Ensemble.Cli;

/// <summary>The exit codes that scripts may rely on.</summary>
internal static class ExitCode
{
    /// <summary>The command did what it was asked.</summary>
    public const int Ok = 0;

    /// <summary>No model could answer: it failed, is damaged, or refused.</summary>
    public const int Failed = 1;

    /// <summary>The command line, the input or the configuration is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The command worked and its finding is no: <c>doctor</c> found something missing, <c>count</c> is over the limit.</summary>
    public const int Negative = 3;

    /// <summary>Stopped by Ctrl-C or a termination signal.</summary>
    public const int Cancelled = 130;

    /// <summary>Says the codes in the words of the help.</summary>
    public const string Description =
        """
        Exit codes:
          0    done
          1    no model could answer
          2    the command line, the input or the configuration is wrong
          3    the finding is "no" (doctor: something is missing; count: over the limit; explain: nobody may answer)
          130  stopped (Ctrl-C or a termination signal)
        """;
}
