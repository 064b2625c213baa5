using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Says for one request whom a router asks, in which order; without a planner it asks all members in theirs.</summary>
internal interface IRoutePlanner
{
    ValueTask<RoutePlan> PlanAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken);
}
