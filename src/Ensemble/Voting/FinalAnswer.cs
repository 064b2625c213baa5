using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Finds where a text states its answer: the last <c>\boxed{…}</c>, else what follows the last "answer" or its Korean words.</summary>
internal static partial class FinalAnswer
{
    private const string Opening = @"\boxed{";

    // Longer than what Sought looks at.
    private const int Reach = 64;

    /// <summary>Returns the stated answer, or <see langword="null"/> when the text marks none.</summary>
    public static string? Find(string text)
    {
        if (Boxed(text) is { } boxed)
        {
            return Dressed().Match(boxed) is { Success: true } dressed ? dressed.Groups["inside"].Value : boxed;
        }

        Match? last = null;
        foreach (Match match in Marker().Matches(text))
        {
            last = IsSought(text, match.Index) && !OneWord().IsMatch(text, match.Index + match.Length) ? last : match;
        }

        return last is null ? null : text[(last.Index + last.Length)..];
    }

    /// <summary>Says whether an "answer" is only looked for, so that nothing behind it is it: "To find the answer: 16 - 7 = 9", "to answer this: …".</summary>
    public static bool IsSought(string text, int at) => Sought().IsMatch(text[Math.Max(0, at - Reach)..at]);

    /// <summary>Returns what is inside the last <c>\boxed{…}</c>.</summary>
    public static string? Boxed(string text) => Inside(text) is var (start, end) ? text[start..end] : null;

    /// <summary>Returns where the last <c>\boxed{…}</c> begins, and where its closing bracket stands.</summary>
    public static (int Start, int End)? Box(string text) => Inside(text) is var (start, end) ? (start - Opening.Length, end) : null;

    /// <summary>Returns the same with the words that follow it in the sentence: <c>\boxed{5} km</c>.</summary>
    public static string? BoxedWithUnit(string text) =>
        Inside(text) is not var (start, end) ? null : Unit().Match(text, end) is { Success: true } unit ? $"{text[start..end]} {unit.Groups["unit"].Value}" : text[start..end];

    private static (int Start, int End)? Inside(string text)
    {
        int start = text.LastIndexOf(Opening, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        start += Opening.Length;
        int depth = 1;
        for (int i = start; i < text.Length; i++)
        {
            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return (start, i);
            }
        }

        return null;
    }

    [GeneratedRegex(@"\G\}(?:\\\)|[\s$*_])*(?<unit>(?:\\?%|\\text\{|\p{L})[^\n,.;:!?$]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Unit();

    // "To answer your question: B."
    [GeneratedRegex(@"\G[^:\n]{0,24}:[\s*]*\(?[\p{L}\p{N}]+[\s).!*]*$", RegexOptions.CultureInvariant)]
    private static partial Regex OneWord();

    // \boxed{\text{Yes}}
    [GeneratedRegex(@"^\s*\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf)\{(?<inside>[^{}]*)\}\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Dressed();

    [GeneratedRegex(
        @"(?:(?:^|[\n.!?:*#>]\s*|\b(?:to|let['’]s|let\s+(?:me|us)|can|could|will|should|must)\s+|['’]ll\s+)(?:find|get|calculate|compute|determine|obtain|reach|derive|verify|check|work\s+out|figure\s+out|arrive\s+at)\s+(?:(?:the|this|our|your|an|my)\s+)?(?:(?:final|correct|right|best)\s+)?|\bto\s+)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sought();

    [GeneratedRegex(@"\banswer(?:\s+is)?\b|정답(?:은|:)?|(?<!\w)답(?:은|:)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Marker();
}
