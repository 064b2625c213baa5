using Microsoft.Extensions.DependencyInjection;

namespace Ensemble;

/// <summary>Reads a composition of kind <c>semantic</c>.</summary>
internal static class SemanticBinder
{
    public static readonly CompositionKind Kind = new(
        SemanticRouter.Kind, ["Embeddings", "Routes", "Otherwise", "Scoring", "AcceptedShare", "Threshold", .. RouteBinder.RoutingNames], Bind);

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
        if (reader.GetString("Scoring") is { Length: > 0 } scoring)
        {
            if (!char.IsAsciiLetter(scoring[0]) || !Enum.TryParse(scoring, ignoreCase: true, out SemanticScoring parsed))
            {
                string[] known = Enum.GetNames<SemanticScoring>();
                reader.Child("Scoring").Error($"'{scoring}' is unknown.{Suggestion.For(scoring, known)} Write {string.Join(", ", known)}.");
            }
            else
            {
                matching.Scoring = parsed;
            }
        }

        matching.AcceptedShare = reader.GetDouble("AcceptedShare", 0.01, 0.99) ?? matching.AcceptedShare;
        matching.Threshold = reader.GetDouble("Threshold", -1000, 1000);
    }
}
