using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ensemble;

/// <summary>Merges the voters' values of a field, and those of the fields inside it.</summary>
/// <param name="root">The schema.</param>
/// <param name="rules">The rules of fields, by pointer.</param>
/// <param name="tolerance">How far apart two numbers are that agree, as a share.</param>
/// <param name="pending">The weight of the voters that were stopped: they may all have disagreed.</param>
internal sealed partial class FieldMerger(JsonElement root, IReadOnlyDictionary<string, FieldRule> rules, double tolerance, double pending = 0)
{
    private readonly List<FieldVote> _fields = [];

    /// <summary>Gets the votes over the fields that hold a value, in the order of the schema.</summary>
    public IReadOnlyList<FieldVote> Fields => _fields;

    /// <summary>Merges; every value fits the schema.</summary>
    public JsonNode? Merge(JsonElement schema, IReadOnlyList<FieldValue> values, string pointer)
    {
        FieldRule rule = rules.GetValueOrDefault(pointer, rules.GetValueOrDefault(JsonPointer.AnyElement(pointer)));
        FieldValue[] present = [.. values.Where(value => value.Json.ValueKind != JsonValueKind.Null)];
        SchemaView view = new(root, schema, present.Length > 0 ? present[0].Json : default);
        if (view.IsDateTime)
        {
            values = [.. values.Select(value => value.AsInstant())];
            present = [.. present.Select(value => value.AsInstant())];
        }

        if (rule == FieldRule.Plurality || (rule == FieldRule.Auto && Weight(present) <= Weight(values) / 2))
        {
            return Decide(pointer, MostCommon(values), values);
        }

        JsonValueKind? kind = present.Select(value => value.Json.ValueKind).Distinct().Take(2).ToArray() is [var only] ? only : null;
        return (rule, kind) switch
        {
            (FieldRule.Medoid, _) => Decide(pointer, Medoid.OfTexts(present), values),
            (_, JsonValueKind.Number) when !view.IsEnum => MergeNumbers(view, rule, present, values, pointer),
            (_, JsonValueKind.Object) => MergeObjects(view, present, pointer),
            (_, JsonValueKind.Array) when present.All(HoldsScalars) => MergeElements(present, values, pointer),
            (_, JsonValueKind.Array) => MergePositions(view, present, pointer),
            (_, JsonValueKind.String) when !view.IsEnum => Decide(pointer, MajorityOrMedoid(present), values),
            _ => Decide(pointer, MostCommon(values), values),
        };
    }

    /// <summary>Says how far the voters agree with an answer that is one of theirs, as one field.</summary>
    public IReadOnlyList<FieldVote> Judge(JsonElement answer, IReadOnlyList<FieldValue> values)
    {
        Decide("", answer, values);
        return _fields;
    }

    private static double Weight(IEnumerable<FieldValue> values) => values.Sum(value => value.Weight);

    private static bool HoldsScalars(FieldValue value) => value.Json.EnumerateArray().All(item => item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array));

    // Of equals the first in ordinal order, and of the writings of one value the most common: the result does not depend on who voted first.
    private static JsonElement MostCommon(IReadOnlyList<FieldValue> values) => values
        .GroupBy(value => value.Text, StringComparer.Ordinal)
        .OrderByDescending(group => Math.Round(Weight(group), 9))
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .First()
        .GroupBy(value => value.Written, StringComparer.Ordinal)
        .OrderByDescending(group => Math.Round(Weight(group), 9))
        .ThenBy(group => group.Key, StringComparer.Ordinal)
        .First().First().Json;

    private static JsonElement MajorityOrMedoid(IReadOnlyList<FieldValue> values)
    {
        JsonElement common = MostCommon(values);
        string text = TextOf(common, values);
        return Weight(values.Where(value => value.Text == text)) > Weight(values) / 2 ? common : Medoid.OfTexts(values);
    }

    private JsonObject MergeObjects(SchemaView view, IReadOnlyList<FieldValue> values, string pointer)
    {
        JsonObject merged = [];
        IEnumerable<string> names = view.PropertyNames().Concat(values.SelectMany(value => value.Json.EnumerateObject().Select(property => property.Name)).Order(StringComparer.Ordinal));
        foreach (string name in names.Distinct(StringComparer.Ordinal))
        {
            FieldValue[] inside = [.. values
                .Where(value => value.Json.TryGetProperty(name, out _))
                .Select(value => new FieldValue(value.Voter, value.Weight, value.Json.GetProperty(name)))];
            string field = JsonPointer.Child(pointer, name);
            double share = Weight(inside) / Weight(values);
            if (share > 0.5)
            {
                merged[name] = Merge(view.Property(name), inside, field);
            }
            else if (inside.Length > 0)
            {
                _fields.Add(new FieldVote { Path = field, Agreement = Certain(1 - share, Weight(values)), Dissent = [.. inside.Select(Said)] });
            }
        }

        return merged;
    }

    private JsonNode? MergeNumbers(SchemaView view, FieldRule rule, IReadOnlyList<FieldValue> present, IReadOnlyList<FieldValue> values, string pointer)
    {
        string text = rule == FieldRule.Mean || Exact(present) is not { } exact ? Average(view, rule, present) : (view.IsInteger ? NumberAverages.Median(exact).Rounded() : NumberAverages.Median(exact)).ToString();
        double average = double.Parse(text, CultureInfo.InvariantCulture);
        FieldValue[] against = [.. values.Where(value => value.Json.ValueKind != JsonValueKind.Number
            || (value.Text != text && ((tolerance == 0 && rule != FieldRule.Mean) || !Agrees(value.Json.GetDouble(), average))))];
        _fields.Add(new FieldVote { Path = pointer, Value = text, Agreement = Certain(1 - (Weight(against) / Weight(values)), Weight(values)), Dissent = [.. against.Select(Said)] });
        return JsonNode.Parse(text);
    }

    // A double holds no two long numbers that differ in their last digit, and ids are long numbers.
    private static (ExactNumber Value, double Weight)[]? Exact(IReadOnlyList<FieldValue> present)
    {
        List<(ExactNumber Value, double Weight)> numbers = [];
        foreach (FieldValue value in present)
        {
            if (!ExactNumber.TryParse(value.Text, out ExactNumber number))
            {
                return null;
            }

            numbers.Add((number, value.Weight));
        }

        return [.. numbers.Order(Comparer<(ExactNumber Value, double Weight)>.Create(static (left, right) => NumberAverages.Compare(left.Value, right.Value)))];
    }

    private static string Average(SchemaView view, FieldRule rule, IReadOnlyList<FieldValue> present)
    {
        // What no double holds has no part in an average; where nothing is left, a voter's own number stands.
        (double Value, double Weight)[] numbers = [.. present.Select(value => (Value: value.Json.GetDouble(), value.Weight)).Where(number => double.IsFinite(number.Value) && number.Weight > 0).OrderBy(number => number.Value)];
        if (numbers.Length == 0)
        {
            return JsonNormalizer.Canonical(MostCommon(present));
        }

        double average = rule == FieldRule.Mean ? NumberAverages.Mean(numbers) : NumberAverages.Median(numbers);
        average = view.IsInteger ? Math.Floor(average + 0.5) : average;

        // A voter's own writing where one said just this.
        return present.Where(value => value.Json.GetDouble().Equals(average)).Select(value => value.Text).Order(StringComparer.Ordinal).FirstOrDefault()
            ?? average.ToString("R", CultureInfo.InvariantCulture);
    }

    // The share of all, those included that were not heard.
    private double Certain(double share, double heard) => pending > 0 ? share * (heard / (heard + pending)) : share;

    private bool Agrees(double left, double right) => Math.Abs(left - right) <= tolerance * Math.Max(Math.Abs(left), Math.Abs(right));

    private JsonNode? Decide(string pointer, JsonElement winner, IReadOnlyList<FieldValue> values)
    {
        string written = JsonNormalizer.Canonical(winner);
        string text = TextOf(winner, values);
        FieldValue[] against = [.. values.Where(value => value.Text != text)];
        _fields.Add(new FieldVote { Path = pointer, Value = written, Agreement = Certain(1 - (Weight(against) / Weight(values)), Weight(values)), Dissent = [.. against.Select(Said)] });
        return JsonNode.Parse(written);
    }

    private static string TextOf(JsonElement winner, IReadOnlyList<FieldValue> values)
    {
        string written = JsonNormalizer.Canonical(winner);
        return values.Where(value => value.Written == written).Select(value => value.Text).FirstOrDefault() ?? written;
    }

    private static KeyValuePair<string, string> Said(FieldValue value) => KeyValuePair.Create(value.Voter, value.Written);
}
