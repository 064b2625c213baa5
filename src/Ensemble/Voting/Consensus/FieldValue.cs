using System.Text.Json;

namespace Ensemble;

/// <summary>What one voter says about one field.</summary>
internal readonly record struct FieldValue(string Voter, double Weight, JsonElement Json)
{
    /// <summary>Gets the value written in one way, to compare and to show.</summary>
    public string Text { get; } = JsonNormalizer.Canonical(Json);
}
