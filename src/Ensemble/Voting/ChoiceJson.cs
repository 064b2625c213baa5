using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ensemble;

/// <summary>The JSON side of choices: the schema that members are given, and what comes back.</summary>
internal static class ChoiceJson
{
    // The platform wraps a type that is not an object so: { "data": … }.
    private const string Wrapper = "data";

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

    /// <summary>Returns the string inside <c>"x"</c> or <c>{"data":"x"}</c>; any other text as it is.</summary>
    public static string Unwrap(string answer)
    {
        string text = answer.Trim();
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
                : answer;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // No JSON after all, or half a surrogate.
            return answer;
        }
    }
}
