using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Describes what embedding a text took, for receipts.</summary>
internal static class EmbeddingAttempt
{
    /// <summary>The name of an embedding model in receipts.</summary>
    public const string Name = "embeddings";

    /// <summary>Describes an embedding that was made. One computed in this process costs nothing; the price of another is what its description says, or unknown, never 0.</summary>
    public static Attempt Answered(string name, IEmbeddingGenerator embeddings, UsageDetails? usage, TimeSpan duration) => new()
    {
        Member = name,
        Outcome = AttemptOutcome.Answered,
        Duration = duration,
        InputTokens = usage?.InputTokenCount,
        UsageSource = usage?.InputTokenCount is null ? UsageSource.Unknown : UsageSource.Reported,
        CostUsd = IsFree(embeddings) ? 0m : usage?.InputTokenCount is { } tokens ? FactsOf(embeddings).Price.CostUsd(tokens, 0) : null,
    };

    /// <summary>Says whether the model computes in this process.</summary>
    public static bool IsFree(IEmbeddingGenerator embeddings) =>
        embeddings.GetService(typeof(MemberTraits)) is MemberTraits { InProcess: true } || DescriptionOf(embeddings) is { Deployments: [{ InProcess: true }, ..] };

    /// <summary>Returns what is known of an embedding model; <see langword="null"/> when nobody described it.</summary>
    public static SelectionMember? DescriptionOf(IEmbeddingGenerator embeddings) => embeddings.GetService(typeof(SelectionMember)) as SelectionMember;

    /// <summary>Describes an embedding model for the rules; of one that nobody described nothing is known.</summary>
    public static Candidate FactsOf(IEmbeddingGenerator embeddings) =>
        DescriptionOf(embeddings) is { Deployments: [var place, ..] } known ? new Candidate(known, place, memberIndex: 0, near: null) : Candidate.Unknown(Name);
}
