using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ensemble;

internal sealed partial class FieldMerger
{
    // An element stays when more than half of the weight names it. Twice the same element are two: the first and the second "x".
    private JsonArray MergeElements(IReadOnlyList<FieldValue> present, IReadOnlyList<FieldValue> values, string pointer)
    {
        Dictionary<(string Text, int Occurrence), (double Weight, double Places)> elements = [];
        foreach (FieldValue value in present)
        {
            Dictionary<string, int> seen = new(StringComparer.Ordinal);
            int place = 0;
            foreach (JsonElement item in value.Json.EnumerateArray())
            {
                string text = JsonNormalizer.Canonical(item);
                (string, int) key = (text, seen[text] = seen.GetValueOrDefault(text) + 1);
                (double weight, double places) = elements.GetValueOrDefault(key);
                elements[key] = (weight + value.Weight, places + (value.Weight * place++));
            }
        }

        double all = Weight(values);
        // The list that most voters said has its own order, whoever else is heard.
        string? whole = present.GroupBy(value => value.Text, StringComparer.Ordinal).FirstOrDefault(group => Weight(group) > all / 2)?.Key;
        string[] kept = whole is not null ? [.. JsonElement.Parse(whole).EnumerateArray().Select(JsonNormalizer.Canonical)] : [.. elements
            .Where(element => element.Value.Weight > all / 2)
            .OrderBy(element => Math.Round(element.Value.Places / element.Value.Weight, 9))
            .ThenBy(element => element.Key.Text, StringComparer.Ordinal)
            .Select(element => element.Key.Text)];
        string winner = $"[{string.Join(',', kept)}]";
        string[] sorted = [.. kept.Order(StringComparer.Ordinal)];
        _fields.Add(new FieldVote
        {
            Path = pointer,
            Value = winner,
            Agreement = Certain(elements.Count == 0 ? Weight(present) / all : elements.Values.Average(element => Math.Max(element.Weight, all - element.Weight) / all), all),
            Dissent = [.. values.Where(value => !Elements(value).SequenceEqual(sorted)).Select(Said)],
        });
        return JsonNode.Parse(winner)!.AsArray();
    }

    // Objects in a list are voted over place by place, as long as most lists are.
    private JsonArray MergePositions(SchemaView view, IReadOnlyList<FieldValue> present, string pointer)
    {
        JsonArray merged = [];
        double all = Weight(present);
        for (int i = 0; ; i++)
        {
            FieldValue[] here = [.. present
                .Where(value => value.Json.GetArrayLength() > i)
                .Select(value => new FieldValue(value.Voter, value.Weight, value.Json[i]))];
            if (Weight(here) <= all / 2)
            {
                return merged;
            }

            merged.Add(Merge(view.Items(), here, JsonPointer.Child(pointer, i)));
        }
    }

    private static IEnumerable<string> Elements(FieldValue value) =>
        value.Json.ValueKind == JsonValueKind.Array ? value.Json.EnumerateArray().Select(JsonNormalizer.Canonical).Order(StringComparer.Ordinal) : [value.Text];
}
