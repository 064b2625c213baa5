using System.Globalization;
using System.Text.Json;

namespace Ensemble;

/// <summary>
/// Checks a JSON value against the part of JSON schema that structured outputs use: types, enums, objects, arrays, bounds, combinations
/// and references within the schema. A keyword that it does not know is not checked.
/// </summary>
internal static class JsonSchemaCheck
{
    private const int MaxDepth = 64;

    /// <summary>Returns the first thing that is wrong, with its path; <see langword="null"/> when the value fits.</summary>
    public static string? Find(JsonElement value, JsonElement schema) => Find(value, schema, schema, "$", 0);

    /// <summary>Checks against a part of a schema, whose references are looked up in the whole.</summary>
    public static string? Find(JsonElement value, JsonElement schema, JsonElement root) => Find(value, schema, root, "$", 0);

    /// <summary>Returns what a reference within the schema means; <see langword="null"/> when it leads nowhere.</summary>
    public static JsonElement? Resolve(JsonElement root, string? reference)
    {
        if (reference is null || !reference.StartsWith('#'))
        {
            return null;
        }

        JsonElement at = root;
        foreach (string step in reference.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            string name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at;
    }

    private static string? Find(JsonElement value, JsonElement schema, JsonElement root, string path, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
        {
            return schema.ValueKind == JsonValueKind.False ? $"{path} must not be there" : null;
        }

        if (schema.TryGetProperty("$ref", out JsonElement reference) && Resolve(root, reference.GetString()) is { } target)
        {
            return Find(value, target, root, path, depth + 1);
        }

        return Type(value, schema, path)
            ?? Choice(value, schema, path)
            ?? Combination(value, schema, root, path, depth)
            ?? value.ValueKind switch
            {
                JsonValueKind.Object => Object(value, schema, root, path, depth),
                JsonValueKind.Array => Array(value, schema, root, path, depth),
                JsonValueKind.String => Bounds(new StringInfo(value.GetString()!).LengthInTextElements, schema, path, "minLength", "maxLength"),
                JsonValueKind.Number => Bounds(value.GetDouble(), schema, path, "minimum", "maximum"),
                _ => null,
            };
    }

    private static string? Type(JsonElement value, JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("type", out JsonElement type))
        {
            return null;
        }

        bool fits = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => Is(value, one.GetString())) : Is(value, type.GetString());
        return fits ? null : $"{path} must be {type.ToString().Trim('"')}";
    }

    private static bool Is(JsonElement value, string? type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && Math.Floor(number) == number,
        _ => true,
    };

    private static string? Choice(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("enum", out JsonElement choices) && !choices.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)))
        {
            return $"{path} must be one of {choices.GetRawText()}";
        }

        return schema.TryGetProperty("const", out JsonElement only) && !JsonElement.DeepEquals(only, value) ? $"{path} must be {only.GetRawText()}" : null;
    }

    private static string? Combination(JsonElement value, JsonElement schema, JsonElement root, string path, int depth)
    {
        if (schema.TryGetProperty("allOf", out JsonElement all))
        {
            foreach (JsonElement one in all.EnumerateArray())
            {
                if (Find(value, one, root, path, depth + 1) is { } problem)
                {
                    return problem;
                }
            }
        }

        bool any = !schema.TryGetProperty("anyOf", out JsonElement some) || some.EnumerateArray().Any(one => Find(value, one, root, path, depth + 1) is null);
        bool exactlyOne = !schema.TryGetProperty("oneOf", out JsonElement few) || few.EnumerateArray().Count(one => Find(value, one, root, path, depth + 1) is null) == 1;
        return any && exactlyOne ? null : $"{path} fits none of the allowed forms";
    }

    private static string? Object(JsonElement value, JsonElement schema, JsonElement root, string path, int depth)
    {
        if (schema.TryGetProperty("required", out JsonElement required))
        {
            foreach (JsonElement name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _))
                {
                    return $"{path}.{name.GetString()} is missing";
                }
            }
        }

        bool hasProperties = schema.TryGetProperty("properties", out JsonElement properties);
        bool hasOther = schema.TryGetProperty("additionalProperties", out JsonElement other);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            string? problem = hasProperties && properties.TryGetProperty(property.Name, out JsonElement known)
                ? Find(property.Value, known, root, $"{path}.{property.Name}", depth + 1)
                : hasOther ? Find(property.Value, other, root, $"{path}.{property.Name}", depth + 1) : null;
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? Array(JsonElement value, JsonElement schema, JsonElement root, string path, int depth)
    {
        if (schema.TryGetProperty("items", out JsonElement items))
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
            {
                if (Find(item, items, root, $"{path}[{index++}]", depth + 1) is { } problem)
                {
                    return problem;
                }
            }
        }

        return Bounds(value.GetArrayLength(), schema, path, "minItems", "maxItems");
    }

    private static string? Bounds(double number, JsonElement schema, string path, string lowest, string highest)
    {
        if (schema.TryGetProperty(lowest, out JsonElement low) && low.ValueKind == JsonValueKind.Number && number < low.GetDouble())
        {
            return $"{path} breaks {lowest} {low.GetRawText()}";
        }

        return schema.TryGetProperty(highest, out JsonElement high) && high.ValueKind == JsonValueKind.Number && number > high.GetDouble()
            ? $"{path} breaks {highest} {high.GetRawText()}"
            : null;
    }
}
