namespace Ensemble.Cli;

/// <summary>What a check of a configuration found.</summary>
internal sealed record ConfigOutput
{
    /// <summary>Gets whether nothing is wrong.</summary>
    public bool Valid => Problems.Count == 0;

    /// <summary>Gets what is wrong, each with its path and the fix.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Gets what is right as far as the tool can tell, and depends on the application.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Gets the number of models; 0 when something is wrong.</summary>
    public int Models { get; init; }

    /// <summary>Gets the number of compositions; 0 when something is wrong.</summary>
    public int Compositions { get; init; }
}
