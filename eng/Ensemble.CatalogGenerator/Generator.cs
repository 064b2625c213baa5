using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Ensemble.CatalogGenerator;

/// <summary>Makes the shipped catalog from two price tables and a list of models.</summary>
public static class Generator
{
    /// <summary>The month in which both tables were read.</summary>
    public const string Date = "2026-11-01";

    /// <summary>Makes the catalog.</summary>
    /// <param name="liteLlmJson">LiteLLM's table.</param>
    /// <param name="genAiJson">The table of genai-prices.</param>
    /// <param name="selection">Lines of a provider and ids; <c>#</c> starts a comment.</param>
    /// <returns>The catalog, one model a line.</returns>
    public static string Generate(string liteLlmJson, string genAiJson, IEnumerable<string> selection)
    {
        LiteLlmTable liteLlm = new(liteLlmJson);
        GenAiTable genAi = new(genAiJson, "2026-11-30");
        StringBuilder text = new("{\n  \"languages\": {\n");
        text.AppendJoin(",\n", Families.Languages.Select(list => $"    \"{list.Key}\": {new JsonArray([.. list.Value.Select(code => JsonValue.Create(code))]).ToJsonString()}"));
        text.Append("\n  },\n  \"models\": [\n");
        text.AppendJoin(",\n", Read(selection).Select(model => "    " + Row(model.Provider, model.Id, liteLlm, genAi).ToJsonString()));
        return text.Append("\n  ]\n}\n").ToString();
    }

    private static IEnumerable<(string Provider, string Id)> Read(IEnumerable<string> selection)
    {
        foreach (string line in selection)
        {
            string[] words = line.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (int i = 1; i < words.Length; i++)
            {
                yield return (words[0], words[i]);
            }
        }
    }

    private static JsonObject Row(string provider, string id, LiteLlmTable liteLlm, GenAiTable genAi)
    {
        TableEntry? first = liteLlm.Find(provider, id);
        TableEntry? second = genAi.Find(provider, id);
        if (first is null && second is null)
        {
            throw new InvalidDataException($"Neither table knows {provider} {id}.");
        }

        TableEntry? able = first?.Capabilities is null && liteLlm.FindElsewhere(provider, id) is { } elsewhere ? elsewhere : first;
        (Rates rates, Rates? disputed) = Pick(id, WithoutZero(first?.Rates), WithoutZero(second?.Rates));
        JsonObject row = new() { ["id"] = id, ["provider"] = provider };
        Put(row, "window", (first ?? able)?.Input is { } input && second?.Window is { } window ? Math.Max(input, window) : (first ?? able)?.Input ?? second?.Window);
        Put(row, "input", (first ?? able)?.Input);
        Put(row, "output", (first ?? able)?.Output);
        if (able?.Capabilities is { } capabilities)
        {
            // An empty list says "text only"; a row without one says that nobody knows.
            string[] logProbabilities = Families.ReportsLogProbabilities(provider, id) ? ["logProbabilities"] : [];
            row["can"] = new JsonArray([.. capabilities.Concat(logProbabilities).Select(one => JsonValue.Create(one))]);
            row["canSource"] = $"{able.CapabilitiesSource}, {Date}";
        }

        Put(row, "for", Families.SpecialitiesOf(id));
        Put(row, "languages", Families.LanguagesOf(id));
        Put(row, "encoding", Families.EncodingOf(id));
        Put(row, "energy", Sizes.ClassOf(id));
        if (Sizes.PublishedOf(id) is { } size)
        {
            row["active"] = size.Active;
            row["total"] = size.Total;
        }

        row["price"] = Price(rates);
        Put((JsonObject)row["price"]!, "uplift", Uplift(provider, id, rates, liteLlm));
        if (disputed is not null)
        {
            row["disputed"] = Price(disputed);
        }

        if (second?.Retired is true)
        {
            row["retired"] = true;
        }

        Put(row, "retiresOn", first?.RetiresOn);
        return row;
    }

    /// <summary>Zero stands for a free trial or for "not known" in both tables; a budget must take neither for a price.</summary>
    private static Rates? WithoutZero(Rates? rates) => rates is { In: 0m, Out: 0m } ? new Rates(null, null) { Source = rates.Source } : rates;

    /// <summary>
    /// Chooses between the tables: LiteLLM's is fresher on <c>-latest</c> aliases; otherwise the dearer one is taken, because a budget
    /// must hold whichever is right. What one table lacks is taken from the other when both agree on the main rates.
    /// </summary>
    private static (Rates Picked, Rates? Disputed) Pick(string id, Rates? first, Rates? second)
    {
        if (first is not { IsKnown: true })
        {
            return (second ?? first!, null);
        }

        if (second is not { IsKnown: true })
        {
            return (first, null);
        }

        if (first.In == second.In && first.Out == second.Out)
        {
            Rates merged = first with
            {
                Read = first.Read ?? second.Read,
                Write = first.Write ?? second.Write,
                Reasoning = first.Reasoning ?? second.Reasoning,
                Image = first.Image ?? second.Image,
                BatchIn = first.BatchIn ?? second.BatchIn,
                BatchOut = first.BatchOut ?? second.BatchOut,
                Tiers = first.Tiers.Count > 0 ? first.Tiers : second.Tiers,
            };
            bool sameRead = first.Read is null || second.Read is null || first.Read == second.Read;
            return (merged, sameRead ? null : second);
        }

        // Three input tokens to one output token is a common mix of a chat.
        bool takeFirst = id.EndsWith("-latest", StringComparison.Ordinal) || 3 * first.In + first.Out >= 3 * second.In + second.Out;
        return takeFirst ? (first, second) : (second, first);
    }

    /// <summary>Azure lists a deployment in a data zone as a model of its own; the ratio of the two input rates is the uplift.</summary>
    private static decimal? Uplift(string provider, string id, Rates rates, LiteLlmTable liteLlm) =>
        provider == "azure" && rates.In is > 0m && (liteLlm.Find(provider, "eu/" + id) ?? liteLlm.Find(provider, "us/" + id))?.Rates.In is { } zone && zone > rates.In
            ? Math.Round(zone / rates.In.Value, 3)
            : null;

    private static JsonObject Price(Rates rates)
    {
        JsonObject price = [];
        Put(price, "in", rates.In);
        Put(price, "out", rates.Out);
        Put(price, "read", rates.Read);
        Put(price, "write", rates.Write);
        Put(price, "reasoning", rates.Reasoning == rates.Out ? null : rates.Reasoning);
        Put(price, "image", rates.Image == rates.In ? null : rates.Image);
        Put(price, "batchIn", rates.BatchIn);
        Put(price, "batchOut", rates.BatchOut);
        if (rates.Tiers.Count > 0)
        {
            JsonArray tiers = [];
            foreach (Tier tier in rates.Tiers)
            {
                JsonObject one = new() { ["above"] = tier.Above, ["in"] = tier.In, ["out"] = tier.Out };
                Put(one, "read", tier.Read);
                Put(one, "write", tier.Write);
                tiers.Add(one);
            }

            price["tiers"] = tiers;
        }

        price["source"] = rates.Source;
        price["date"] = Date;
        return price;
    }

    private static void Put(JsonObject target, string name, decimal? value)
    {
        if (value is { } number)
        {
            target[name] = JsonNode.Parse(number.ToString("0.##########", CultureInfo.InvariantCulture));
        }
    }

    private static void Put(JsonObject target, string name, long? value)
    {
        if (value is { } number)
        {
            target[name] = number;
        }
    }

    private static void Put(JsonObject target, string name, string? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static void Put(JsonObject target, string name, IReadOnlyList<string>? values)
    {
        if (values is { Count: > 0 })
        {
            target[name] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
        }
    }
}
