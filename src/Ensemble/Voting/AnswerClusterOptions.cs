using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// How free answers are told to be the same. Two of them are when their numbers, option letters and negations are equal, they have
/// the same words, or one is what the other says behind its "is", and the embedding model does not call them unrelated. The embedding is asked last and can only split: it cannot
/// tell "is" from "is not".
/// </summary>
public sealed class AnswerClusterOptions
{
    /// <summary>Chosen for multilingual-e5-small: see the table in docs/voting.md.</summary>
    internal const double DefaultThreshold = 0.88;

    /// <summary>Creates options.</summary>
    /// <param name="embeddings">The embedding model; whoever made it disposes it.</param>
    public AnswerClusterOptions(IEmbeddingGenerator<string, Embedding<float>> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        Embeddings = embeddings;
    }

    /// <summary>Gets the embedding model.</summary>
    public IEmbeddingGenerator<string, Embedding<float>> Embeddings { get; }

    /// <summary>Gets or sets the cosine below which two answers are unrelated, from -1 to 1.</summary>
    /// <value>The default value is 0.88, measured for multilingual-e5-small, which gives 0.80 to 0.87 to unrelated sentences with a word in common; other models need another.</value>
    public double Threshold { get; set; } = DefaultThreshold;

    internal void Validate()
    {
        if (!(Threshold is >= -1 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Threshold), Threshold, $"{nameof(Threshold)} is {Threshold}; give a cosine from -1 to 1.");
        }
    }
}
