using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Says what a model or composition would do with a request.</summary>
internal static class Explainer
{
    public static RouteExplanation Explain(ClientSet set, string name, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (set.Options.Compositions.Find(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } composition)
        {
            return composition.Kind == RouterChatClient.Kind && set.FindPlanner(composition.Name) is { } planner
                ? planner.Explain(messages, options)
                : new PlainExplanation(set, messages, options).Of(composition, nested => Explain(set, nested, messages, options));
        }

        ModelRegistration model = set.Options.Models.Find(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw set.Unknown(name);
        return model.Deployments.Count > 0 && set.FindPlanner(model.Name) is { } places ? places.Explain(messages, options, ModelChatClient.Kind) : new PlainExplanation(set, messages, options).Of(model);
    }
}
