using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ensemble;

/// <summary>The names of objectives in configuration and in the serialised form of a request.</summary>
internal static class ObjectiveNames
{
    private const string Weighted = "weighted";

    private static readonly string[] Weights = ["COST", "QUALITY", "TIME", "ENERGY"];

    /// <summary>Gets those that stand alone.</summary>
    public static string[] Single { get; } = ["order", "cheapest", "best", "fastest", "firsttoken", "greenest"];

    public static string[] All { get; } = [.. Single, Weighted + " cost 1 quality 1 time 1 energy 1"];

    public static string Of(Objective objective) => objective switch
    {
        OrderObjective => "order",
        CheapestObjective => "cheapest",
        BestObjective => "best",
        FastestObjective { ToFirstToken: true } => "firsttoken",
        FastestObjective => "fastest",
        GreenestObjective => "greenest",
        WeightedObjective { Weights: var w } => string.Create(CultureInfo.InvariantCulture, $"{Weighted} cost {w.Cost} quality {w.Quality} time {w.Time} energy {w.Energy}"),
        _ => throw new ArgumentOutOfRangeException(nameof(objective)),
    };

    /// <summary>Reads a name; weights stand behind <c>weighted</c> as pairs of a word and a number.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Objective? objective) => TryParse(text, out objective, out _);

    /// <summary>Reads a name, and says what is wrong with the weights.</summary>
    /// <param name="text">What is written.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="problem">What is wrong with the weights; <see langword="null"/> when nothing is, or the name is unknown.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out Objective? objective, out string? problem)
    {
        problem = null;
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        objective = words switch
        {
            [var one] when !one.Equals(Weighted, StringComparison.OrdinalIgnoreCase) => one.ToUpperInvariant() switch
            {
                "ORDER" => Objective.Order,
                "CHEAPEST" => Objective.Cheapest,
                "BEST" => Objective.Best,
                "FASTEST" => Objective.Fastest,
                "FIRSTTOKEN" => Objective.FastestToFirstToken,
                "GREENEST" => Objective.Greenest,
                _ => null,
            },
            [var first, ..] when first.Equals(Weighted, StringComparison.OrdinalIgnoreCase) => Weigh(words.AsSpan(1), out problem),
            _ => null,
        };
        return objective is not null;
    }

    private static Objective? Weigh(ReadOnlySpan<string> pairs, out string? problem)
    {
        ObjectiveWeights weights = new();
        HashSet<string> given = [];
        problem = null;
        for (int i = 0; i < pairs.Length; i += 2)
        {
            string word = pairs[i].ToUpperInvariant();
            double value = 0;
            problem = Array.IndexOf(Weights, word) < 0 ? $"'{pairs[i]}' is no weight.{Suggestion.For(pairs[i], Weights.Select(static name => name.ToLowerInvariant()))} Known: cost, quality, time, energy."
                : i + 1 == pairs.Length ? $"the weight '{pairs[i]}' has no number behind it."
                : !double.TryParse(pairs[i + 1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) || !double.IsFinite(value) ? $"the weight '{pairs[i]}' is '{pairs[i + 1]}'; give a number of 0 or more."
                : !given.Add(word) ? $"the weight '{pairs[i]}' stands twice; give it once."
                : null;
            if (problem is not null)
            {
                return null;
            }

            weights = word switch
            {
                "COST" => weights with { Cost = value },
                "QUALITY" => weights with { Quality = value },
                "TIME" => weights with { Time = value },
                _ => weights with { Energy = value },
            };
        }

        if (weights.Cost + weights.Quality + weights.Time + weights.Energy > 0)
        {
            return Objective.Weighted(weights);
        }

        problem = "no weight is above 0, so nothing would be preferred; write for instance weighted cost 1 quality 2.";
        return null;
    }
}
