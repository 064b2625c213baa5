using System.Text.Json;

namespace Ensemble;

/// <summary>What the merge needs to know of a schema: references and alternatives are looked through.</summary>
internal readonly struct SchemaView
{
    private readonly JsonElement _schema;

    /// <param name="root">The whole schema, for references.</param>
    /// <param name="schema">The part for the value.</param>
    /// <param name="value">A value that fits, which tells alternatives apart.</param>
    public SchemaView(JsonElement root, JsonElement schema, JsonElement value) => _schema = Narrow(root, schema, value, 0);

    /// <summary>Gets whether the schema lists the values that are allowed.</summary>
    public bool IsEnum => Has("enum", out _) || Has("const", out _);

    /// <summary>Gets whether the value is a date with a time (RFC 3339).</summary>
    public bool IsDateTime => Has("format", out JsonElement format) && format.ValueKind == JsonValueKind.String && format.GetString() == "date-time";

    /// <summary>Gets whether the value is a whole number.</summary>
    public bool IsInteger => Has("type", out JsonElement type)
        && (type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => one.GetString() == "integer") : type.GetString() == "integer");

    public IEnumerable<string> PropertyNames() =>
        Has("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object ? properties.EnumerateObject().Select(property => property.Name) : [];

    public JsonElement Property(string name) =>
        Has("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out JsonElement property) ? property
        : Has("additionalProperties", out JsonElement additional) ? additional
        : default;

    public JsonElement Items() => Has("items", out JsonElement items) ? items : default;

    private bool Has(string keyword, out JsonElement value)
    {
        value = default;
        return _schema.ValueKind == JsonValueKind.Object && _schema.TryGetProperty(keyword, out value);
    }

    private static JsonElement Narrow(JsonElement root, JsonElement schema, JsonElement value, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > 16)
        {
            return schema;
        }

        if (schema.TryGetProperty("$ref", out JsonElement reference) && JsonSchemaCheck.Resolve(root, reference.GetString()) is { } target)
        {
            return Narrow(root, target, value, depth + 1);
        }

        foreach (string keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (value.ValueKind != JsonValueKind.Undefined && schema.TryGetProperty(keyword, out JsonElement alternatives) && alternatives.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement alternative in alternatives.EnumerateArray())
                {
                    if (JsonSchemaCheck.Find(value, alternative, root) is null)
                    {
                        return Narrow(root, alternative, value, depth + 1);
                    }
                }
            }
        }

        return schema;
    }
}
