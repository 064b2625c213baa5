namespace Ensemble.Cli;

/// <summary>A line of the input or of the examples.</summary>
internal sealed record TextLine
{
    /// <summary>Gets the text.</summary>
    public string? Text { get; init; }

    /// <summary>Gets its label, where it is known.</summary>
    public string? Label { get; init; }
}
