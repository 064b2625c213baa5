namespace Ensemble.Benchmarks.Choosing;

/// <summary>Sentences by route, and those that fit none: a heading <c># name</c>, then its sentences, one a line; the heading of the last is <c># none</c>.</summary>
internal sealed class RouteSentences
{
    private const string None = "none";

    private readonly Dictionary<string, List<string>> _routes = new(StringComparer.Ordinal);

    private RouteSentences()
    {
    }

    /// <summary>Gets what fits no route.</summary>
    public IReadOnlyList<string> Unrelated => _routes[None];

    /// <summary>Gets every sentence.</summary>
    public IReadOnlyList<string> All => [.. _routes.Values.SelectMany(sentences => sentences)];

    /// <summary>Reads a file; a sentence may stand in it once.</summary>
    /// <exception cref="InvalidDataException">The file has a sentence before the first heading or twice, no route <c>none</c>, or a route with too few sentences.</exception>
    public static RouteSentences Read(string file, int examples)
    {
        RouteSentences sentences = new();
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<string>? current = null;
        foreach (string line in File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                sentences._routes[line[2..]] = current = [];
                continue;
            }

            if (current is null || !seen.Add(line))
            {
                throw new InvalidDataException($"{file}: '{line}' stands {(current is null ? "before the first heading; write '# route' above it" : "there twice; leave one out")}.");
            }

            current.Add(line);
        }

        string[] few = [.. sentences._routes.Where(route => route.Key != None && route.Value.Count <= examples).Select(route => route.Key)];
        return few.Length > 0 || !sentences._routes.TryGetValue(None, out List<string>? none) || none.Count == 0 || sentences._routes.Count < 3
            ? throw new InvalidDataException($"{file} needs two routes or more of more than {examples} sentences each{(few.Length > 0 ? $" ({string.Join(", ", few)} has fewer)" : "")}, and '# {None}' with what fits no route.")
            : sentences;
    }

    /// <summary>Draws the examples of each route; what is left is asked.</summary>
    public (List<SemanticRoute> Routes, List<(string Route, string Text)> Asked) Draw(int examples, Random random)
    {
        List<SemanticRoute> routes = [];
        List<(string Route, string Text)> asked = [];
        foreach ((string route, List<string> sentences) in _routes.Where(route => route.Key != None))
        {
            string[] order = [.. sentences];
            random.Shuffle(order);
            routes.Add(new SemanticRoute(route, order[..examples]));
            asked.AddRange(order[examples..].Select(text => (route, text)));
        }

        return (routes, asked);
    }
}
