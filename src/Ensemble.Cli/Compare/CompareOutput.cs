namespace Ensemble.Cli;

/// <summary>What <c>compare --json</c> writes.</summary>
internal sealed record CompareOutput
{
    /// <summary>Gets the question.</summary>
    public required string Question { get; init; }

    /// <summary>Gets the answers in the order of the command line.</summary>
    public required IReadOnlyList<CompareResult> Models { get; init; }
}
