using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Describes what embedding a text took, for receipts.</summary>
internal static class EmbeddingAttempt
{
    /// <summary>The name of an embedding model in receipts.</summary>
    public const string Name = "embeddings";

    /// <summary>Describes an embedding that was made. One computed in this process costs nothing; the price of another is unknown here, never 0.</summary>
    public static Attempt Answered(string name, IEmbeddingGenerator embeddings, UsageDetails? usage, TimeSpan duration) => new()
    {
        Member = name,
        Outcome = AttemptOutcome.Answered,
        Duration = duration,
        InputTokens = usage?.InputTokenCount,
        UsageSource = usage?.InputTokenCount is null ? UsageSource.Unknown : UsageSource.Reported,
        CostUsd = IsFree(embeddings) ? 0m : null,
    };

    /// <summary>Says whether the model computes in this process.</summary>
    public static bool IsFree(IEmbeddingGenerator embeddings) => embeddings.GetService(typeof(MemberTraits)) is MemberTraits { InProcess: true };
}
