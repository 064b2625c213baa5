using System.Text.Json;

namespace Ensemble;

/// <summary>Finds the value with the smallest weighted distance to all others; of equals the first in ordinal order, whoever said it.</summary>
internal static class Medoid
{
    // Longer texts are compared by their beginnings: the work grows with the square.
    private const int Compared = 512;

    public static JsonElement OfTexts(IReadOnlyList<FieldValue> values) => Find(values, static (left, right) => TextDistance(left.Text, right.Text));

    public static JsonElement OfDocuments(IReadOnlyList<FieldValue> values) => Find(values, static (left, right) => LeafDistance(left.Json, right.Json));

    private static JsonElement Find(IReadOnlyList<FieldValue> values, Func<FieldValue, FieldValue, double> distance) =>
        values.OrderBy(value => Math.Round(values.Sum(other => other.Weight * distance(value, other)), 9)).ThenBy(value => value.Text, StringComparer.Ordinal).First().Json;

    // Levenshtein over two rows, as a share of the longer text.
    private static double TextDistance(string left, string right)
    {
        if (left == right)
        {
            return 0;
        }

        ReadOnlySpan<char> a = left.AsSpan(0, Math.Min(left.Length, Compared));
        ReadOnlySpan<char> b = right.AsSpan(0, Math.Min(right.Length, Compared));
        int[] above = [.. Enumerable.Range(0, b.Length + 1)];
        int[] row = new int[b.Length + 1];
        for (int i = 0; i < a.Length; i++)
        {
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                row[j + 1] = Math.Min(above[j] + (a[i] == b[j] ? 0 : 1), 1 + Math.Min(above[j + 1], row[j]));
            }

            (above, row) = (row, above);
        }

        return (double)above[b.Length] / Math.Max(1, Math.Max(a.Length, b.Length));
    }

    private static double LeafDistance(JsonElement left, JsonElement right)
    {
        Dictionary<string, string> a = [], b = [];
        Leaves(left, "", a);
        Leaves(right, "", b);
        int same = a.Count(leaf => b.TryGetValue(leaf.Key, out string? other) && other == leaf.Value);
        int union = a.Count + b.Keys.Count(key => !a.ContainsKey(key));
        return union == 0 ? 0 : 1 - ((double)same / union);
    }

    private static void Leaves(JsonElement json, string pointer, Dictionary<string, string> leaves)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in json.EnumerateObject())
                {
                    Leaves(property.Value, JsonPointer.Child(pointer, property.Name), leaves);
                }

                break;
            case JsonValueKind.Array:
                int i = 0;
                foreach (JsonElement item in json.EnumerateArray())
                {
                    Leaves(item, JsonPointer.Child(pointer, i++), leaves);
                }

                break;
            default:
                leaves[pointer] = JsonNormalizer.Canonical(json);
                break;
        }
    }
}
