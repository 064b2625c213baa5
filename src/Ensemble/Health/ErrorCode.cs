using System.Text;
using System.Text.Json;

namespace Ensemble;

/// <summary>Reads what an error in JSON calls itself: its code, type and status, apart from its message.</summary>
internal static class ErrorCode
{
    private static readonly string[] Names = ["code", "type", "status"];

    /// <summary>Reads the names, one a line.</summary>
    /// <param name="body">The body, or a message that holds it.</param>
    /// <returns><see langword="null"/> when there is no error in JSON, or it has no name.</returns>
    public static string? Read(string? body)
    {
        int start = body?.IndexOf('{', StringComparison.Ordinal) ?? -1;
        if (start < 0)
        {
            return null;
        }

        try
        {
            Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(body!, start, body!.Length - start));
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            JsonElement error = root.TryGetProperty("error", out JsonElement inner) && inner.ValueKind is JsonValueKind.Object ? inner : root;
            string[] found = [.. Names.Where(name => error.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String).Select(name => error.GetProperty(name).GetString()!)];
            return found.Length == 0 ? null : string.Join('\n', found);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
