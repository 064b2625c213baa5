namespace Ensemble.Cli;

/// <summary>How probable one choice is.</summary>
internal sealed record ChoiceScore
{
    /// <summary>Gets the choice.</summary>
    public required string Choice { get; init; }

    /// <summary>Gets its probability among the choices, from 0 to 1.</summary>
    public double Share { get; init; }

    /// <summary>Gets the natural logarithm of its probability among all texts.</summary>
    public double LogLikelihood { get; init; }

    /// <summary>Gets how many tokens it has; more tokens make a text less probable.</summary>
    public int Tokens { get; init; }

    /// <summary>Gets exp(-log-likelihood / tokens): 1 for a certain text.</summary>
    public double Perplexity { get; init; }
}
