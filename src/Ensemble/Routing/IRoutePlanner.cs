using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Says for one request whom a router asks, in which order; without a planner it asks all members in theirs.</summary>
internal interface IRoutePlanner
{
    /// <summary>Gets whether a member that the plan leaves out must not be asked, not even when the caller names it.</summary>
    bool IsStrict => false;

    ValueTask<RoutePlan> PlanAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken);

    /// <summary>Says what the best single member would have charged for an answer; <see langword="null"/> when that is unknown.</summary>
    decimal? BestSingleUsd(Attempt answered) => null;

    /// <summary>Hears that a member is about to be asked.</summary>
    void Begin(Member member)
    {
    }

    /// <summary>Hears how it went.</summary>
    void End(Member member, Attempt attempt)
    {
    }
}
