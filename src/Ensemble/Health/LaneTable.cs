using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>The lanes of a runtime by client, so that what one router learns of a client another knows. Lanes die with their clients.</summary>
internal sealed class LaneTable
{
    private readonly ConditionalWeakTable<IChatClient, Lane> _lanes = new();

    /// <summary>Finds the lanes of a member in the order of its clients.</summary>
    public Lane[] Of(Member member, int maxQueue, TimeProvider time)
    {
        Lane[] lanes = new Lane[member.Clients.Count];
        for (int i = 0; i < lanes.Length; i++)
        {
            // Variations of a model, and middleware around it, ask the same deployment.
            ModelChatClient? model = member.Clients[i].GetService<ModelChatClient>();
            IChatClient client = model?.Way ?? model ?? member.Clients[i];
            if (!_lanes.TryGetValue(client, out Lane? lane))
            {
                string name = lanes.Length == 1 ? member.Name : $"{member.Name} ({i + 1} of {lanes.Length})";
                DeploymentLimits limits = member.Limits == DeploymentLimits.None && model is not null ? model.Limits : member.Limits;
                lane = new Lane(name, limits, maxQueue, time);
                if (!_lanes.TryAdd(client, lane))
                {
                    lane.Gate?.Dispose();
                    _ = _lanes.TryGetValue(client, out lane);
                }
            }

            lanes[i] = lane!;
        }

        return lanes;
    }
}
