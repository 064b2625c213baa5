using System.Text;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Reads attached data that is text.</summary>
internal static class AttachedText
{
    private static readonly string[] TextTypes =
        ["application/json", "application/xml", "application/yaml", "application/x-yaml", "application/toml", "application/csv", "application/x-ndjson", "application/jsonl", "application/sql", "application/javascript", "application/x-www-form-urlencoded"];

    // Text that is written in another way than in characters, or folded after so many of them.
    private static readonly string[] Folded = ["text/vcard", "text/x-vcard", "text/calendar", "text/directory"];

    /// <summary>Reads the text of an attachment.</summary>
    /// <param name="data">The attachment.</param>
    /// <returns>Its text; <see langword="null"/> when it is not text.</returns>
    public static string? Read(DataContent data)
    {
        if (!IsText(data.MediaType) || data.MediaType.StartsWith("text/rtf", StringComparison.OrdinalIgnoreCase) || EncodingOf(data.MediaType) is not { } encoding)
        {
            return null;
        }

        using StreamReader reader = new(new MemoryStream(data.Data.ToArray(), writable: false), encoding, detectEncodingFromByteOrderMarks: true);
        string text = reader.ReadToEnd();
        if (Folded.Any(type => data.MediaType.StartsWith(type, StringComparison.OrdinalIgnoreCase)))
        {
            // RFC 5545 and 6350: a line that begins with a blank goes on with the one before.
            text = text.Replace("\r\n ", "", StringComparison.Ordinal).Replace("\n ", "", StringComparison.Ordinal);
        }

        // UTF-16 without its mark would be read as characters with zeros between them, and nothing would be found.
        return text.Contains('\0') ? null : text;
    }

    // Encodings that write ASCII as ASCII are read as UTF-8: what is looked for is ASCII. UTF-7 and its like are not.
    private static Encoding? EncodingOf(string mediaType)
    {
        int at = mediaType.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        string name = at < 0 ? "" : mediaType[(at + 8)..].Split(';')[0].Trim().Trim('"').ToLowerInvariant();
        return name switch
        {
            "utf-16" or "utf-16le" => Encoding.Unicode,
            "utf-16be" => Encoding.BigEndianUnicode,
            "" or "utf-8" or "utf8" or "us-ascii" or "ascii" => Encoding.UTF8,
            _ when name.StartsWith("iso-8859-", StringComparison.Ordinal) || name.StartsWith("windows-", StringComparison.Ordinal) || name.StartsWith("euc-", StringComparison.Ordinal)
                || name is "ks_c_5601-1987" or "cp949" or "koi8-r" or "gbk" or "gb2312" => Encoding.UTF8,
            _ => null,
        };
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
