using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ensemble;

/// <summary>The names of objectives in configuration and in the serialised form of a request.</summary>
internal static class ObjectiveNames
{
    private const string Weighted = "weighted";

    public static string[] All { get; } = ["order", "cheapest", "best", "fastest", "firsttoken", "greenest", Weighted + " cost 1 quality 1 time 1 energy 1"];

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
    public static bool TryParse(string text, [NotNullWhen(true)] out Objective? objective)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        objective = words switch
        {
            [var one] => one.ToUpperInvariant() switch
            {
                "ORDER" => Objective.Order,
                "CHEAPEST" => Objective.Cheapest,
                "BEST" => Objective.Best,
                "FASTEST" => Objective.Fastest,
                "FIRSTTOKEN" => Objective.FastestToFirstToken,
                "GREENEST" => Objective.Greenest,
                _ => null,
            },
            [var first, ..] when first.Equals(Weighted, StringComparison.OrdinalIgnoreCase) => Weigh(words.AsSpan(1)),
            _ => null,
        };
        return objective is not null;
    }

    private static Objective? Weigh(ReadOnlySpan<string> pairs)
    {
        ObjectiveWeights weights = new();
        if (pairs.Length % 2 != 0)
        {
            return null;
        }

        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (!double.TryParse(pairs[i + 1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            {
                return null;
            }

            switch (pairs[i].ToUpperInvariant())
            {
                case "COST":
                    weights = weights with { Cost = value };
                    break;
                case "QUALITY":
                    weights = weights with { Quality = value };
                    break;
                case "TIME":
                    weights = weights with { Time = value };
                    break;
                case "ENERGY":
                    weights = weights with { Energy = value };
                    break;
                default:
                    return null;
            }
        }

        return weights.Cost + weights.Quality + weights.Time + weights.Energy > 0 ? Objective.Weighted(weights) : null;
    }
}
