namespace Ensemble.Cli;

/// <summary>Who takes part.</summary>
/// <param name="Bags">Whether bagged voters of the language model do.</param>
/// <param name="Embedding">Whether the embedding member does.</param>
internal readonly record struct ClassifyMembers(bool Bags, bool Embedding)
{
    /// <summary>What the command line calls the bagged voters.</summary>
    public const string BagsName = "bags";

    /// <summary>What the command line calls the embedding member.</summary>
    public const string EmbeddingName = "embedding";

    /// <inheritdoc/>
    public override string ToString() => Bags && Embedding ? $"{BagsName} and {EmbeddingName}" : Bags ? BagsName : EmbeddingName;
}
