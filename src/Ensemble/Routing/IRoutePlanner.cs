using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Says for one request whom a router asks, in which order; without a planner it asks all members in theirs.</summary>
internal interface IRoutePlanner
{
    /// <summary>Gets whether a member that the plan leaves out must not be asked, not even when the caller names it.</summary>
    bool IsStrict => false;

    /// <summary>Gets whether it asks a model itself, which the deadline must cut.</summary>
    bool AsksModels => false;

    /// <summary>Plans one request.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options.</param>
    /// <param name="rules">What is required of every model, by the request, its tenant and whatever it is nested in; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    ValueTask<RoutePlan> PlanAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, RequestRules? rules, CancellationToken cancellationToken);

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
