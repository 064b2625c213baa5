using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ensemble.CatalogGenerator;

/// <summary>The table of genai-prices: US dollars for a million tokens, models found by patterns.</summary>
public sealed class GenAiTable
{
    private readonly ILookup<string, JsonElement> _byProvider;
    private readonly string _asOf;

    /// <summary>Reads the table.</summary>
    /// <param name="json">Its text.</param>
    /// <param name="asOf">The last day whose prices count, as yyyy-MM-dd.</param>
    public GenAiTable(string json, string asOf)
    {
        _byProvider = JsonDocument.Parse(json).RootElement.EnumerateArray().ToLookup(row => row.GetProperty("provider").GetString()!);
        _asOf = asOf;
    }

    public TableEntry? Find(string provider, string id)
    {
        string table = provider switch { "xai" => "x-ai", "moonshot" => "moonshotai", _ => provider };
        foreach (JsonElement row in _byProvider[table].OrderByDescending(row => row.GetProperty("model").GetString() == id))
        {
            if (Matches(row.GetProperty("match"), id) || row.GetProperty("model").GetString() == id)
            {
                JsonElement prices = Current(row.GetProperty("prices"));
                JsonElement? batch = Batch(row);
                return new TableEntry(new Rates(Base(prices, "input_mtok"), Base(prices, "output_mtok"))
                {
                    Read = Base(prices, "cache_read_mtok"),
                    Write = Base(prices, "cache_write_mtok"),
                    Reasoning = Base(prices, "output_reasoning_mtok"),
                    Image = Base(prices, "input_image_mtok"),
                    BatchIn = batch is { } b ? Base(b, "input_mtok") : null,
                    BatchOut = batch is { } c ? Base(c, "output_mtok") : null,
                    Tiers = ReadTiers(prices),
                    Source = "genai-prices",
                })
                {
                    Window = row.TryGetProperty("context", out JsonElement context) ? context.GetInt64() : null,
                    Retired = row.TryGetProperty("deprecated", out JsonElement deprecated) && deprecated.GetBoolean(),
                };
            }
        }

        return null;
    }

    private static bool Matches(JsonElement rule, string id)
    {
        JsonProperty clause = rule.EnumerateObject().First();
        return clause.Name switch
        {
            "or_" => clause.Value.EnumerateArray().Any(part => Matches(part, id)),
            "and_" => clause.Value.EnumerateArray().All(part => Matches(part, id)),
            "equals" => id.Equals(clause.Value.GetString(), StringComparison.OrdinalIgnoreCase),
            "starts_with" => id.StartsWith(clause.Value.GetString()!, StringComparison.OrdinalIgnoreCase),
            "ends_with" => id.EndsWith(clause.Value.GetString()!, StringComparison.OrdinalIgnoreCase),
            "contains" => id.Contains(clause.Value.GetString()!, StringComparison.OrdinalIgnoreCase),
            "regex" => Regex.IsMatch(id, clause.Value.GetString()!),
            _ => throw new InvalidDataException($"Unknown rule '{clause.Name}'."),
        };
    }

    private static JsonElement? Batch(JsonElement row)
    {
        if (row.TryGetProperty("variants", out JsonElement variants))
        {
            foreach (JsonElement variant in variants.EnumerateArray())
            {
                if (variant.GetProperty("when").TryGetProperty("processing", out JsonElement processing) && processing.GetString() == "batch")
                {
                    return variant.GetProperty("prices");
                }
            }
        }

        return null;
    }

    private static decimal? Base(JsonElement prices, string name)
    {
        if (!prices.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        return Parse(value.ValueKind == JsonValueKind.Object ? value.GetProperty("base") : value);
    }

    private static List<Tier> ReadTiers(JsonElement prices)
    {
        if (!prices.TryGetProperty("input_mtok", out JsonElement input) || input.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        List<Tier> tiers = [];
        foreach (JsonElement tier in input.GetProperty("tiers").EnumerateArray())
        {
            long start = tier.GetProperty("start").GetInt64();
            if (At(prices, "output_mtok", start) is { } output)
            {
                tiers.Add(new Tier(start, Parse(tier.GetProperty("price")), output)
                {
                    Read = At(prices, "cache_read_mtok", start),
                    Write = At(prices, "cache_write_mtok", start),
                });
            }
        }

        return tiers;
    }

    private static decimal? At(JsonElement prices, string name, long start)
    {
        if (!prices.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonElement tier in value.GetProperty("tiers").EnumerateArray())
            {
                if (tier.GetProperty("start").GetInt64() == start)
                {
                    return Parse(tier.GetProperty("price"));
                }
            }
        }

        return Base(prices, name);
    }

    private static decimal Parse(JsonElement value) =>
        decimal.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture) / 1.0000000000000000000000000000m;

    /// <summary>Of prices that changed, those of the last day that counts; the hours of a day are not told apart.</summary>
    private JsonElement Current(JsonElement prices)
    {
        if (prices.ValueKind != JsonValueKind.Array)
        {
            return prices;
        }

        JsonElement current = prices[0].GetProperty("prices");
        foreach (JsonElement entry in prices.EnumerateArray())
        {
            if (!entry.TryGetProperty("constraint", out JsonElement constraint)
                || (constraint.TryGetProperty("start_date", out JsonElement start) && string.CompareOrdinal(start.GetString(), _asOf) <= 0))
            {
                current = entry.GetProperty("prices");
            }
        }

        return current;
    }
}
