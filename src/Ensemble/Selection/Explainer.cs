using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Says what a model or composition would do with a request.</summary>
internal static class Explainer
{
    public static RouteExplanation Explain(ClientSet set, string name, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (set.Options.Compositions.Find(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } composition)
        {
            ModelRegistration model = set.Options.Models.Find(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw set.Unknown(name);
            RouteExplanation known = set.PlannerOf(model).Explain(messages, options);
            return new RouteExplanation
            {
                Name = model.Name,
                Kind = ModelChatClient.Kind,
                Profile = known.Profile,
                Candidates = known.Candidates,
                Plan = [.. known.Candidates.Select(candidate => candidate.Deployment.Name)],
                Note = "one model; it is asked unless a rule of the request or of its tenant refuses it.",
            };
        }

        return set.FindPlanner(composition.Name) is { } planner
            ? planner.Explain(messages, options)
            : Plain(
                composition.Name,
                composition.Kind,
                [.. composition.Members.Select(member => member.Count > 1 ? $"{member.Model}*{member.Count}" : member.Name ?? member.Model)],
                composition.Kind == RouterChatClient.Kind
                    ? "the members are asked in this order until one answers; no objective chooses among them, and whom a rule of the request or of its tenant refuses is passed over."
                    : "the members are asked as the kind says, but for those that a rule of the request or of its tenant refuses.",
                messages,
                options);
    }

    private static RouteExplanation Plain(string name, string kind, IReadOnlyList<string> plan, string note, IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
        new() { Name = name, Kind = kind, Profile = new RequestProfile(messages, options), Plan = plan, Note = note };
}
