namespace Ensemble;

/// <summary>One speciality, told by what people say when they want it.</summary>
public sealed class SemanticRoute
{
    /// <summary>Creates a route.</summary>
    /// <param name="name">Its name; in a semantic router the name of the member that answers.</param>
    /// <param name="examples">Requests that belong to it, at least two; eight, in every language that is expected, are a good start.</param>
    /// <exception cref="ArgumentException">There are fewer than two examples, or one is empty.</exception>
    public SemanticRoute(string name, IEnumerable<string> examples)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(examples);
        Name = name;
        Examples = [.. examples];
        if (ProblemWith(Examples) is { } problem)
        {
            throw new ArgumentException($"Route '{name}': {problem}", nameof(examples));
        }
    }

    /// <summary>Gets the name of the route.</summary>
    public string Name { get; }

    /// <summary>Gets the requests that belong to it.</summary>
    public IReadOnlyList<string> Examples { get; }

    internal static string? ProblemWith(IReadOnlyList<string> examples) =>
        examples.Count < 2 ? $"{examples.Count} examples; give at least two, better eight, or nothing can be held out to find the threshold."
        : examples.Any(string.IsNullOrWhiteSpace) ? "one example is empty; remove it."
        : null;
}
