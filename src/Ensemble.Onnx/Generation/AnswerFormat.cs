using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>The form that an answer must have: free text, one of some choices, or JSON of a schema.</summary>
internal sealed class AnswerFormat
{
    private const string AnyObject = """{"type":"object"}""";

    // Scoring obeys these keywords; a schema with any other goes to constrained decoding, which obeys all that it takes.
    private static readonly FrozenSet<string> ChoiceKeywords = FrozenSet.Create(StringComparer.Ordinal, "enum", "type", "title", "description", "$schema", "$comment", "default", "examples");
    private static readonly FrozenSet<string> WrapperKeywords = FrozenSet.Create(StringComparer.Ordinal, "properties", "required", "additionalProperties", "type", "title", "description", "$schema", "$comment");

    private AnswerFormat(string? schema, IReadOnlyList<string>? choices, string? choiceProperty)
    {
        Schema = schema;
        Choices = choices;
        ChoiceProperty = choiceProperty;
    }

    internal static AnswerFormat Text { get; } = new(null, null, null);

    /// <summary>The JSON schema that constrains decoding, if one does.</summary>
    internal string? Schema { get; }

    /// <summary>The strings of which the answer is one, if it is.</summary>
    internal IReadOnlyList<string>? Choices { get; }

    /// <summary>The only property of the object around the chosen string; <see langword="null"/> when the string stands alone.</summary>
    internal string? ChoiceProperty { get; }

    internal static AnswerFormat Read(ChatResponseFormat? format)
    {
        if (format is not ChatResponseFormatJson json)
        {
            return Text;
        }

        if (json.Schema is not { } schema)
        {
            return new AnswerFormat(AnyObject, null, null);
        }

        if (ReadChoices(schema) is { } choices)
        {
            return new AnswerFormat(null, choices, null);
        }

        // GetResponseAsync<T> wraps what is no object into one with a single property.
        if (SingleProperty(schema) is { } property && ReadChoices(property.Value) is { } wrapped)
        {
            return new AnswerFormat(null, wrapped, property.Name);
        }

        return new AnswerFormat(schema.GetRawText(), null, null);
    }

    private static string[]? ReadChoices(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("enum", out JsonElement values) || values.ValueKind != JsonValueKind.Array || values.GetArrayLength() == 0
            || !HasOnly(schema, ChoiceKeywords) || !IsOfType(schema, "string"))
        {
            return null;
        }

        return values.EnumerateArray().All(value => value.ValueKind == JsonValueKind.String && value.GetString()!.Length > 0)
            ? [.. values.EnumerateArray().Select(value => value.GetString()!).Distinct()]
            : null;
    }

    private static JsonProperty? SingleProperty(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out JsonElement properties) || properties.ValueKind != JsonValueKind.Object
            || !HasOnly(schema, WrapperKeywords) || !IsOfType(schema, "object"))
        {
            return null;
        }

        JsonProperty[] all = [.. properties.EnumerateObject()];
        return all.Length == 1 && RequiresOnly(schema, all[0].Name) ? all[0] : null;
    }

    private static bool HasOnly(JsonElement schema, FrozenSet<string> keywords) => schema.EnumerateObject().All(keyword => keywords.Contains(keyword.Name));

    private static bool IsOfType(JsonElement schema, string type) =>
        !schema.TryGetProperty("type", out JsonElement stated)
        || (stated.ValueKind == JsonValueKind.Array ? stated.EnumerateArray().Any(one => IsString(one, type)) : IsString(stated, type));

    private static bool RequiresOnly(JsonElement schema, string property) =>
        !schema.TryGetProperty("required", out JsonElement required)
        || (required.ValueKind == JsonValueKind.Array && required.EnumerateArray().All(name => IsString(name, property)));

    private static bool IsString(JsonElement value, string text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);
}
