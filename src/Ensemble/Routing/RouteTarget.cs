using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One way to a member.</summary>
/// <param name="Router">Whose.</param>
/// <param name="Member">The member.</param>
/// <param name="Way">The member with this one client.</param>
/// <param name="Lane">Its health and limits.</param>
internal sealed record RouteTarget(RouterChatClient Router, Member Member, Member Way, Lane Lane)
{
    /// <summary>Gets whether it takes the attempts of the request itself, one for each member that it asks.</summary>
    public bool CountsAttempts { get; } = Way.Client.GetService<RouterChatClient>() is not null;

    /// <summary>Gets the model that this is when the router can pay for its calls; <see langword="null"/> for members that see to that themselves.</summary>
    public ModelChatClient? Model { get; } = Way.Client as ModelChatClient is { TakesPayment: true } model ? model : null;
}
