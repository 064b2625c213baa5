using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Says what a model or composition would do with a request.</summary>
internal static class Explainer
{
    public static RouteExplanation Explain(ClientSet set, string name, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (set.Options.Compositions.Find(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } composition)
        {
            if (RequestRules.Of(messages, options, set.Runtime) is { } rules && rules.Denies(composition.Name))
            {
                return new RouteExplanation
                {
                    Name = composition.Name,
                    Kind = composition.Kind,
                    Profile = rules.Profile(messages, options),
                    Requirements = rules.Requirements,
                    Plan = [],
                    Note = $"nobody is asked: '{composition.Name}' is denied by a rule of the request or of its tenant.",
                };
            }

            return composition.Kind == RouterChatClient.Kind && set.FindPlanner(composition.Name) is { } planner
                ? planner.Explain(messages, options)
                : new PlainExplanation(set, messages, options).Of(composition, (nested, sent, with) => Explain(set, nested, sent, with));
        }

        ModelRegistration model = set.Options.Models.Find(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw set.Unknown(name);
        return model.Deployments.Count > 0 && set.FindPlanner(model.Name) is { } places ? places.Explain(messages, options, ModelChatClient.Kind) : new PlainExplanation(set, messages, options).Of(model);
    }
}
