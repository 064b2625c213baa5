using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// A model that runs in several places: a router that picks one of them. A composition that chooses among models looks through it, and
/// weighs each place on its own.
/// </summary>
internal sealed class DeployedModel(RouterChatClient router) : DelegatingChatClient(router)
{
    public IReadOnlyList<Member> Deployments { get; } = router.Members;

    /// <summary>Replaces each member that runs in several places by its deployments, asked in the member's own way.</summary>
    public static IReadOnlyList<Member> Expand(IReadOnlyList<Member> members) =>
        [.. members.SelectMany(member => member.Client.GetService<DeployedModel>() is { } model ? model.As(member) : [member])];

    // A pipeline around the model stands around each deployment already; what a member of its own changes has to be put around them.
    private IEnumerable<Member> As(Member member)
    {
        VariationChatClient? variation = member.Client.GetService<VariationChatClient>();
        foreach (Member deployment in Deployments)
        {
            string place = deployment.Name[deployment.Name.IndexOf('/', StringComparison.Ordinal)..];
            yield return new Member(member.Name + place, variation is null ? deployment.Client : variation.Around(deployment.Client));
        }
    }
}
