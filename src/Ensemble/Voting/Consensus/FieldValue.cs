using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>What one voter says about one field.</summary>
internal readonly partial record struct FieldValue(string Voter, double Weight, JsonElement Json)
{
    /// <summary>Gets the value as it is shown.</summary>
    public string Written { get; } = JsonNormalizer.Canonical(Json);

    /// <summary>Gets the value written in one way, to compare.</summary>
    public string Text { get; private init; } = JsonNormalizer.Canonical(Json);

    /// <summary>Returns the value as a point in time: 10:00Z and 19:00+09:00 are one. Without an offset it stays as it is.</summary>
    public FieldValue AsInstant() =>
        Json.ValueKind == JsonValueKind.String && Json.GetString() is { } text && WithOffset().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset instant)
            ? this with { Text = instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) }
            : this;

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,7})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex WithOffset();
}
