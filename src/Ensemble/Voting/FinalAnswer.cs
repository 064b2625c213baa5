using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Finds where a text states its answer: the last <c>\boxed{…}</c>, else what follows the last "answer" or its Korean words.</summary>
internal static partial class FinalAnswer
{
    private const string Box = @"\boxed{";

    /// <summary>Returns the stated answer, or <see langword="null"/> when the text marks none.</summary>
    public static string? Find(string text)
    {
        if (Boxed(text) is { } boxed)
        {
            return boxed;
        }

        Match? last = null;
        foreach (Match match in Marker().Matches(text))
        {
            last = match;
        }

        return last is null ? null : text[(last.Index + last.Length)..];
    }

    /// <summary>Returns what is inside the last <c>\boxed{…}</c>.</summary>
    public static string? Boxed(string text)
    {
        int start = text.LastIndexOf(Box, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += Box.Length;
        int depth = 1;
        for (int i = start; i < text.Length; i++)
        {
            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return text[start..i];
            }
        }

        return null;
    }

    [GeneratedRegex(@"\banswer(?:\s+is)?\b|정답(?:은|:)?|(?<!\w)답(?:은|:)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Marker();
}
