namespace Ensemble.Cli;

/// <summary>What stands at the ends of the three standard streams.</summary>
internal sealed record TerminalFeatures
{
    /// <summary>Gets whether standard input comes from a pipe or a file.</summary>
    public bool InputIsRedirected { get; init; }

    /// <summary>Gets whether a person sees standard output.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Gets whether a person sees standard error.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Gets whether colours are wanted; <c>NO_COLOR</c> set to anything but nothing says no (no-color.org).</summary>
    public bool Colours { get; init; }

    /// <summary>Reads the features of this process.</summary>
    public static TerminalFeatures OfProcess() => new()
    {
        InputIsRedirected = Console.IsInputRedirected,
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
    };
}
