using System.Globalization;
using System.Text.Json;

namespace Ensemble.CatalogGenerator;

/// <summary>LiteLLM's table: US dollars for a token.</summary>
public sealed class LiteLlmTable
{
    private const decimal Million = 1_000_000m;

    private static readonly Dictionary<string, string> Capabilities = new()
    {
        ["tools"] = "tools",

        // Who lets a caller choose among tools has tools; some rows name only the former.
        ["tool_choice"] = "tools",
        ["vision"] = "vision",
        ["json_schema"] = "jsonSchema",
        ["reasoning"] = "reasoning",
        ["audio_in"] = "audioInput",
        ["pdf"] = "documents",
        ["prompt_cache"] = "promptCache",
    };

    /// <summary>
    /// Platforms on which a vendor's own closed models run as they do at the vendor, best first. Open weights have none: what they can do
    /// depends on who serves them.
    /// </summary>
    private static readonly Dictionary<string, string[]> Platforms = new()
    {
        ["openai"] = ["openai", "azure"],
        ["anthropic"] = ["anthropic", "bedrock_converse", "bedrock", "vertex_ai-anthropic_models"],
        ["google"] = ["gemini", "vertex_ai-language-models"],
    };

    private readonly Dictionary<(string Provider, string Id), JsonElement> _rows = [];
    private readonly ILookup<string, JsonElement> _byModel;

    public LiteLlmTable(string json)
    {
        foreach (JsonElement row in JsonDocument.Parse(json).RootElement.EnumerateArray())
        {
            string provider = row.GetProperty("provider").GetString()!;
            string id = row.GetProperty("model").GetString()!;
            id = id.StartsWith(provider + "/", StringComparison.Ordinal) ? id[(provider.Length + 1)..] : id;
            _rows.TryAdd((provider, id), row);
        }

        _byModel = _rows.ToLookup(row => ModelNames.Undated(row.Key.Id), row => row.Value);
    }

    public TableEntry? Find(string provider, string id)
    {
        string table = provider switch { "google" => "gemini", "cohere" => "cohere_chat", "together" => "together_ai", _ => provider };
        if (!_rows.TryGetValue((table, id), out JsonElement row))
        {
            return null;
        }

        return new TableEntry(new Rates(PerMillion(row, "in"), PerMillion(row, "out"))
        {
            Read = PerMillion(row, "cache_read"),
            Write = PerMillion(row, "cache_write"),
            Reasoning = PerMillion(row, "reasoning_out"),
            BatchIn = PerMillion(row, "in_batch"),
            BatchOut = PerMillion(row, "out_batch"),
            Tiers = ReadTiers(row),
            Source = "litellm",
        })
        {
            Input = Count(row, "max_input"),
            Output = Count(row, "max_output"),
            Capabilities = ReadCapabilities(row),
            CapabilitiesSource = "litellm",
            RetiresOn = row.TryGetProperty("deprecation", out JsonElement date) ? date.GetString() : null,
        };
    }

    /// <summary>
    /// Finds the limits and capabilities of a closed model under another name: with a date, or on a platform that runs it for its vendor.
    /// Of several rows of one platform only what all of them say counts, because the undated name may mean any of them.
    /// </summary>
    /// <returns>An entry without a price, which is the platform's own; nothing when no platform has the model.</returns>
    public TableEntry? FindElsewhere(string provider, string id)
    {
        JsonElement[] known = [.. _byModel[ModelNames.Undated(id)].Where(row => row.TryGetProperty("caps", out _))];
        foreach (string platform in Platforms.GetValueOrDefault(provider, []))
        {
            JsonElement[] rows = [.. known.Where(row => row.GetProperty("provider").GetString() == platform)];
            JsonElement[] zoneless = [.. rows.Where(row => !ModelNames.IsOfZone(row.GetProperty("model").GetString()!))];
            rows = zoneless.Length > 0 ? zoneless : rows;
            if (rows.Length > 0)
            {
                return new TableEntry(new Rates(null, null) { Source = "litellm" })
                {
                    Input = rows.Min(row => Count(row, "max_input")),
                    Output = rows.Min(row => Count(row, "max_output")),
                    Capabilities = rows.Select(row => ReadCapabilities(row)!).Aggregate((all, one) => [.. all.Intersect(one)]),
                    CapabilitiesSource = "litellm " + (rows[0].GetProperty("model").GetString() is { } model && model.StartsWith(platform + "/", StringComparison.Ordinal) ? model : $"{platform}/{rows[0].GetProperty("model").GetString()}"),
                };
            }
        }

        return null;
    }

    /// <summary>Reads what a row says the model can do; a row that says nothing at all leaves it unknown.</summary>
    private static IReadOnlyList<string>? ReadCapabilities(JsonElement row) =>
        row.TryGetProperty("caps", out JsonElement caps)
            ? [.. caps.EnumerateArray().Select(cap => Capabilities.GetValueOrDefault(cap.GetString()!)).OfType<string>().Distinct()]
            : null;

    /// <summary>Reads keys such as <c>input_cost_per_token_above_272k_tokens</c>; those of special modes end differently and are left out.</summary>
    private static List<Tier> ReadTiers(JsonElement row)
    {
        if (!row.TryGetProperty("tiers", out JsonElement tiers))
        {
            return [];
        }

        const string Prefix = "input_cost_per_token_above_";
        const string Suffix = "k_tokens";
        List<Tier> found = [];
        foreach (JsonProperty tier in tiers.EnumerateObject())
        {
            if (tier.Name.StartsWith(Prefix, StringComparison.Ordinal) && tier.Name.EndsWith(Suffix, StringComparison.Ordinal))
            {
                string bound = tier.Name[Prefix.Length..^Suffix.Length];
                string above = "_above_" + bound + Suffix;
                if (PerMillion(tiers, "output_cost_per_token" + above) is { } output)
                {
                    found.Add(new Tier(long.Parse(bound, CultureInfo.InvariantCulture) * 1000, PerMillion(tiers, tier.Name)!.Value, output)
                    {
                        Read = PerMillion(tiers, "cache_read_input_token_cost" + above),
                        Write = PerMillion(tiers, "cache_creation_input_token_cost" + above),
                    });
                }
            }
        }

        return [.. found.OrderBy(tier => tier.Above)];
    }

    // A cache rate of 0 stands for "no rate known" in this table.
    private static decimal? PerMillion(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) && decimal.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture) is var rate
            && (rate != 0m || !name.StartsWith("cache", StringComparison.Ordinal))
                ? Normalise(rate * Million)
                : null;

    private static long? Count(JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) ? (long)value.GetDouble() : null;

    private static decimal Normalise(decimal value) => value / 1.0000000000000000000000000000m;
}
