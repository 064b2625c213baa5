using System.Text.Json;

namespace Ensemble;

/// <summary>Looks JSON pointers up in a schema, so that a rule for a field that does not exist is told and not ignored.</summary>
internal static class FieldPaths
{
    /// <summary>Says what is wrong with a path; <see langword="null"/> when a value that fits the schema can have the field.</summary>
    public static string? ProblemWith(string path, JsonElement schema)
    {
        if (path.Length == 0)
        {
            return null;
        }

        string[] steps = path.Split('/');
        if (steps[0].Length > 0)
        {
            string written = "/" + path.TrimStart('$', '.').Replace('.', '/');
            return $"'{path}' is no JSON pointer, which begins with '/'; {ProblemWith(written, schema) ?? $"write '{written}'."}";
        }

        List<JsonElement> here = [];
        Add(schema, schema, here, []);
        for (int i = 1; i < steps.Length; i++)
        {
            List<JsonElement> next = [];
            SortedSet<string> known = new(StringComparer.Ordinal);
            bool open = false;
            foreach (JsonElement part in here)
            {
                open |= Step(schema, part, JsonPointer.Name(steps[i]), next, known);
            }

            if (next.Count == 0 && !open)
            {
                string at = string.Join('/', steps[..i]);
                string place = at.Length == 0 ? "the answer" : $"'{at}'";
                return known.Count == 0 ? $"'{path}' is no field: {place} has none; remove '/{steps[i]}'."
                    : $"'{path}' is no field: {place} has no '{JsonPointer.Name(steps[i])}'.{Suggestion.For(steps[i], known)} Name one of {string.Join(", ", known)}.";
            }

            if (next.Count == 0)
            {
                return null;
            }

            here = next;
        }

        return null;
    }

    // Returns whether anything at all may stand below.
    private static bool Step(JsonElement root, JsonElement schema, string name, List<JsonElement> next, SortedSet<string> known)
    {
        if (schema.ValueKind == JsonValueKind.True)
        {
            return true;
        }

        bool isElement = name == "*" || (name.Length > 0 && name.All(char.IsAsciiDigit));
        bool open = true;
        if (schema.TryGetProperty("items", out JsonElement items))
        {
            open = false;
            known.Add("*");
            if (isElement)
            {
                Add(root, items, next, []);
            }
        }

        if (schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object)
        {
            open = false;
            foreach (JsonProperty property in properties.EnumerateObject())
            {
                known.Add(JsonPointer.Child("", property.Name)[1..]);
                if (property.NameEquals(name))
                {
                    Add(root, property.Value, next, []);
                }
            }
        }

        if (schema.TryGetProperty("additionalProperties", out JsonElement additional))
        {
            open = false;
            Add(root, additional, next, []);
        }

        // A number or a text has no fields; a schema that says nothing allows all.
        return open && !(schema.TryGetProperty("type", out JsonElement type) && IsPlain(type)) && !schema.TryGetProperty("enum", out _) && !schema.TryGetProperty("const", out _);
    }

    private static bool IsPlain(JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().All(IsPlain)
        : type.ValueKind == JsonValueKind.String && type.GetString() is not ("object" or "array");

    // References and alternatives are looked through: a field of any of them exists.
    private static void Add(JsonElement root, JsonElement schema, List<JsonElement> found, HashSet<string> followed)
    {
        if (schema.ValueKind == JsonValueKind.True)
        {
            found.Add(schema);
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (schema.TryGetProperty("$ref", out JsonElement reference) && reference.ValueKind == JsonValueKind.String && JsonSchemaCheck.Resolve(root, reference.GetString()) is { } target)
        {
            if (followed.Add(reference.GetString()!))
            {
                Add(root, target, found, followed);
            }

            return;
        }

        bool isUnion = false;
        foreach (string keyword in (ReadOnlySpan<string>)["anyOf", "oneOf", "allOf"])
        {
            if (schema.TryGetProperty(keyword, out JsonElement all) && all.ValueKind == JsonValueKind.Array)
            {
                isUnion = true;
                foreach (JsonElement one in all.EnumerateArray())
                {
                    Add(root, one, found, followed);
                }
            }
        }

        if (!isUnion || schema.TryGetProperty("properties", out _) || schema.TryGetProperty("items", out _))
        {
            found.Add(schema);
        }
    }
}
