using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>The JSON side of choices: the schema that members are given, and what comes back.</summary>
internal static partial class ChoiceJson
{
    // The platform wraps a type that is not an object so: { "data": … }.
    private const string Wrapper = "data";

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase) { "answer", "final_answer", "choice", "label", "category", "class", "classification", "result", "output", "value", "prediction", "sentiment", "verdict" };

    /// <summary>Makes the schema <c>{ "type": "string", "enum": [ … ] }</c>.</summary>
    public static JsonElement Schema(IReadOnlyList<string> choices)
    {
        JsonArray values = [];
        foreach (string choice in choices)
        {
            values.Add((JsonNode)JsonValue.Create(choice));
        }

        using JsonDocument document = JsonDocument.Parse(new JsonObject { ["type"] = "string", ["enum"] = values }.ToJsonString());
        return document.RootElement.Clone();
    }

    /// <summary>Returns the choices of a caller's schema when it is an enum of strings, also in the platform's wrapper.</summary>
    public static IReadOnlyList<string>? Choices(JsonElement schema)
    {
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out JsonElement properties)
            && properties.ValueKind == JsonValueKind.Object && properties.EnumerateObject().Count() == 1
            && properties.TryGetProperty(Wrapper, out JsonElement data))
        {
            schema = data;
        }

        return schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("enum", out JsonElement values)
            && values.ValueKind == JsonValueKind.Array && values.EnumerateArray().All(value => value.ValueKind == JsonValueKind.String)
            ? [.. values.EnumerateArray().Select(value => value.GetString()!)]
            : null;
    }

    /// <summary>
    /// Returns what is inside <c>"x"</c>, <c>{"data":"x"}</c>, <c>{"label":"x","why":"…"}</c> or an object of one plain value; nothing of any other object, whose words may be about anything; other text as it is.
    /// </summary>
    public static string Unwrap(string answer)
    {
        string text = answer.Trim();
        text = text.StartsWith("```", StringComparison.Ordinal) ? Fence.Inside(text).Trim() : text;
        if (text.Length == 0 || text[0] is not ('"' or '{'))
        {
            return answer;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.String ? root.GetString()!
                : root.TryGetProperty(Wrapper, out JsonElement data) && data.ValueKind == JsonValueKind.String ? data.GetString()!
                : Value(root) ?? "";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // No JSON after all, or half a surrogate.
            return answer;
        }
    }

    /// <summary>Returns the quantity of an object: <c>{"value":5,"unit":"km","confidence":0.9}</c> is 5 km; nothing of one with several numbers, or none; other text as it is.</summary>
    public static string UnwrapNumber(string answer)
    {
        string text = answer.Trim();
        text = text.StartsWith("```", StringComparison.Ordinal) ? Fence.Inside(text).Trim() : text;
        if (text.Length == 0 || text[0] != '{')
        {
            return answer;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonProperty[] all = [.. document.RootElement.EnumerateObject()];
            JsonProperty[] named = [.. all.Where(property => Names.Contains(property.Name))];
            JsonProperty[] numbers = [.. all.Where(property => property.Value.ValueKind == JsonValueKind.Number && !Confidence().IsMatch(property.Name) && !Negated().IsMatch(property.Name))];
            JsonElement? value = named.Length == 1 ? named[0].Value : named.Length == 0 && numbers.Length == 1 ? numbers[0].Value : null;
            string? unit = all.FirstOrDefault(property => property.Name is "unit" or "units").Value is { ValueKind: JsonValueKind.String } written ? written.GetString() : null;
            return value is { ValueKind: JsonValueKind.Object } inner ? UnwrapNumber(inner.GetRawText())
                : value is { ValueKind: JsonValueKind.String or JsonValueKind.Number } plain ? $"{Plain(plain)} {unit}".TrimEnd() : "";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return answer;
        }
    }

    private static string? Value(JsonElement root)
    {
        JsonProperty[] all = [.. root.EnumerateObject()];
        JsonProperty[] named = [.. all.Where(property => Names.Contains(property.Name))];
        return named.Length == 1 ? Plain(named[0].Value)
            : all.Length == 1 && all[0].Value.ValueKind == JsonValueKind.String && !Negated().IsMatch(all[0].Name) ? all[0].Value.GetString()
            : null;
    }

    private static string? Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    [GeneratedRegex("confidence|certainty|probability|sure|likelihood", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Confidence();

    [GeneratedRegex(@"not|n['’]t|wrong|exclu|reject|previous|former|other|rul(?:e|ed)_?out", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Negated();
}
