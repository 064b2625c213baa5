using System.Text;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Reads attached data that is text.</summary>
internal static class AttachedText
{
    private static readonly string[] TextTypes =
        ["application/json", "application/xml", "application/yaml", "application/x-yaml", "application/toml", "application/csv", "application/x-ndjson", "application/jsonl", "application/sql", "application/javascript"];

    /// <summary>Reads the text of an attachment.</summary>
    /// <param name="data">The attachment.</param>
    /// <returns>Its text; <see langword="null"/> when it is not text.</returns>
    public static string? Read(DataContent data)
    {
        if (!IsText(data.MediaType))
        {
            return null;
        }

        using StreamReader reader = new(new MemoryStream(data.Data.ToArray(), writable: false), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        string text = reader.ReadToEnd();

        // UTF-16 without its mark would be read as characters with zeros between them, and nothing would be found.
        return text.Contains('\0') ? null : text;
    }

    /// <summary>Says whether data of a media type is text.</summary>
    public static bool IsText(string mediaType)
    {
        ReadOnlySpan<char> type = mediaType.AsSpan();
        int parameters = type.IndexOf(';');
        type = (parameters < 0 ? type : type[..parameters]).Trim();
        if (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (string text in TextTypes)
        {
            if (type.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
