using Microsoft.Extensions.DependencyInjection;

namespace Ensemble;

/// <summary>Reads a composition of kind <c>semantic</c>.</summary>
internal static class SemanticBinder
{
    public static readonly CompositionKind Kind = new(
        SemanticRouter.Kind, ["Embeddings", "Routes", "Otherwise", "Scoring", "AcceptedShare", "Threshold", .. RouteBinder.RoutingNames], Bind);

    /// <summary>Checks that whoever is named is a member.</summary>
    public static void CheckNames(SettingsReader reader, IReadOnlyList<MemberOptions> members)
    {
        string[] names = [.. Member.NamesOf(members)];
        if (names.Length == 0)
        {
            return;
        }

        if (reader.GetString("Otherwise") is { Length: > 0 } otherwise && !names.Contains(otherwise, StringComparer.OrdinalIgnoreCase))
        {
            reader.Child("Otherwise").Error(ProblemWith(otherwise, names));
        }

        foreach (SettingsReader route in reader.Child("Routes").Children().Where(route => !names.Contains(route.Key, StringComparer.OrdinalIgnoreCase)))
        {
            route.Error(ProblemWith(route.Key, names));
        }
    }

    private static string ProblemWith(string name, string[] members) =>
        $"'{name}' is no member.{Suggestion.For(name, members)} Name one of {string.Join(", ", members)}, or add it to Members.";

    private static CompositionFactory Bind(SettingsReader reader, string name)
    {
        SemanticRouterOptions options = new() { Otherwise = reader.GetString("Otherwise") ?? "" };
        if (options.Otherwise.Length == 0)
        {
            reader.Child("Otherwise").Error("missing; name the member that answers what fits no route.");
        }

        string embeddings = reader.GetString("Embeddings") ?? "";
        if (embeddings.Length == 0)
        {
            reader.Child("Embeddings").Error("missing; name the embedding model: one under Ensemble:Embeddings, or as given to AddLocalEmbeddings.");
        }

        BindRoutes(reader.Child("Routes"), options);
        BindMatching(reader, options.Matching);
        RouteBinder.Bind(reader, options.Routing);
        return (members, runtime) => new SemanticRouter(name, SemanticRouterExtensions.Find(runtime, embeddings), members, options, runtime);
    }

    private static void BindRoutes(SettingsReader reader, SemanticRouterOptions options)
    {
        foreach (SettingsReader route in reader.Children())
        {
            IReadOnlyList<string> examples = reader.GetStrings(route.Key) ?? [];
            if (SemanticRoute.ProblemWith(examples) is { } problem)
            {
                route.Error(problem);
            }
            else
            {
                options.Routes.Add(new SemanticRoute(route.Key, examples));
            }
        }

        if (!reader.HasChildren)
        {
            reader.Error("missing; write { \"member\": [ \"an example\", \"another\" ] } for each specialist.");
        }
    }

    private static void BindMatching(SettingsReader reader, SemanticOptions matching)
    {
        matching.Scoring = reader.GetName<SemanticScoring>("Scoring") ?? matching.Scoring;
        matching.AcceptedShare = reader.GetDouble("AcceptedShare", 0.01, 0.99) ?? matching.AcceptedShare;
        matching.Threshold = reader.GetDouble("Threshold", -1000, 1000);
    }
}
