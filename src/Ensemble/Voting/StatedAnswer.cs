using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Finds what a model says in answer: not what it thought before, and what it put between answer tags.</summary>
/// <remarks>
/// Reasoning models write their thoughts between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> (DeepSeek-R1, Qwen3; the template may have written the opening one) or <c>[THINK]</c> and <c>[/THINK]</c> (Magistral), and servers that do not
/// part them leave them in the text. <c>&lt;answer&gt;</c> is what many prompts ask for.
/// </remarks>
internal static partial class StatedAnswer
{
    // Further away a negation is about something else.
    private const int Near = 32;

    private static readonly string[] Answers = ["answer", "final_answer", "final"];

    /// <summary>Returns the answer without thoughts, tags, marks of HTML, and lines of sources and confidence under it; the text itself where there are none, and nothing when it takes back what it put between the tags.</summary>
    public static string Of(string text)
    {
        string said = WithoutThoughts(text);
        string answer = said.Contains('<') ? WithoutMarks(Tagged(said) is { } tagged ? tagged.IsCertain ? tagged.Text : "" : said) : said;

        answer = Confidence().Replace(Sources().Replace(answer, ""), "");

        // "x &gt; 5" is no 5.
        return answer.Contains('&') && answer.Contains(';') ? WebUtility.HtmlDecode(answer) : answer;
    }

    /// <summary>Returns what is outside of the thoughts, wherever they stand; nothing when they were not finished.</summary>
    public static string WithoutThoughts(string text)
    {
        StringBuilder kept = new();
        string? open = null;
        int from = 0;
        foreach (Match tag in ThoughtTags().Matches(text))
        {
            bool closes = tag.Groups["close"].Length > 0;
            string name = tag.Groups["name"].Value.ToUpperInvariant();
            if (open is null && !closes)
            {
                kept.Append(text, from, tag.Index - from).Append(' ');
                open = name;
            }
            else if (closes && (open is null || name == open))
            {
                // Without an opening tag it is one that the template wrote: all before it was thought.
                _ = open is null ? kept.Clear() : kept;
                (open, from) = (null, tag.Index + tag.Length);
            }
        }

        return open is not null ? "" : from == 0 ? text : kept.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Returns what follows the thoughts in front of code or JSON, which may hold such tags themselves; nothing when they were not finished.</summary>
    public static string WithoutLeadingThoughts(string text)
    {
        Match first = ThoughtTags().Match(text);
        if (!first.Success)
        {
            return text;
        }

        if (first.Groups["close"].Length > 0)
        {
            // The template wrote the opening one. Within a string or a comment it is none: it begins its line, or JSON or a fence follows.
            int end = first.Index + first.Length;
            ReadOnlySpan<char> line = text.AsSpan(0, first.Index);
            line = line[(line.LastIndexOf('\n') + 1)..];
            ReadOnlySpan<char> rest = text.AsSpan(end).TrimStart();
            return line.IsWhiteSpace() || rest is ['{' or '[', ..] || rest.StartsWith("```") ? text[end..] : text;
        }

        if (!text.AsSpan(0, first.Index).IsWhiteSpace())
        {
            return text;
        }

        for (Match tag = first.NextMatch(); tag.Success; tag = tag.NextMatch())
        {
            if (tag.Groups["close"].Length > 0 && tag.Groups["name"].ValueSpan.Equals(first.Groups["name"].ValueSpan, StringComparison.OrdinalIgnoreCase))
            {
                return text[(tag.Index + tag.Length)..];
            }
        }

        return "";
    }

    /// <summary>
    /// Returns what is inside the last answer tag, also when a stop sequence cut its end off; it is uncertain when the text denies it, takes it back, or gives two that differ.
    /// </summary>
    public static (string Text, bool IsCertain)? Tagged(string text)
    {
        int start = -1;
        string tag = "";
        foreach (string name in Answers)
        {
            int found = text.LastIndexOf($"<{name}>", StringComparison.OrdinalIgnoreCase);
            if (found > start)
            {
                (start, tag) = (found, name);
            }
        }

        if (start < 0)
        {
            return null;
        }

        int open = start;
        start += tag.Length + 2;
        string close = $"</{tag}>";
        int end = text.IndexOf(close, start, StringComparison.OrdinalIgnoreCase);
        string inside = text[start..(end < 0 ? text.Length : end)];
        string behind = end < 0 ? "" : text[(end + close.Length)..];
        return (inside, !DeniedBefore().IsMatch(text[Math.Max(0, open - Near)..open]) && !DeniedBehind().IsMatch(behind) && !Correction.Follows(behind) && !IsOneOfTwo(text, tag, open, inside));
    }

    // "<answer>5</answer> or <answer>6</answer>".
    private static bool IsOneOfTwo(string text, string tag, int open, string inside)
    {
        string close = $"</{tag}>";
        int end = open == 0 ? -1 : text.LastIndexOf(close, open - 1, StringComparison.OrdinalIgnoreCase);
        if (end < 0 || !Joined().IsMatch(text.AsSpan()[(end + close.Length)..open]))
        {
            return false;
        }

        int start = text.LastIndexOf($"<{tag}>", end, StringComparison.OrdinalIgnoreCase);
        return start >= 0 && !text.AsSpan()[(start + tag.Length + 2)..end].Trim().SequenceEqual(inside.AsSpan().Trim());
    }

    // In pairs only: a<b>c and List<i> hold none.
    private static string WithoutMarks(string text)
    {
        MatchCollection marks = Marks().Matches(text);
        HashSet<string> paired = [.. marks.GroupBy(mark => mark.Groups["name"].Value.ToUpperInvariant())
            .Where(group => group.Key == "BR" || group.Sum(mark => mark.Groups["close"].Length > 0 ? -1 : 1) == 0).Select(group => group.Key)];
        StringBuilder kept = new(text.Length);
        int from = 0;
        foreach (Match mark in marks)
        {
            string name = mark.Groups["name"].Value.ToUpperInvariant();
            if (paired.Contains(name))
            {
                Add(kept, text.AsSpan(from, mark.Index - from));
                _ = name is "BR" or "P" ? kept.Append('\n') : kept;
                from = mark.Index + mark.Length;
            }
        }

        Add(kept, text.AsSpan(from));
        return kept.ToString();
    }

    // Digits of two marks are two numbers.
    private static void Add(StringBuilder kept, ReadOnlySpan<char> more)
    {
        _ = more.Length > 0 && kept.Length > 0 && char.IsDigit(kept[^1]) && char.IsDigit(more[0]) ? kept.Append(' ') : kept;
        kept.Append(more);
    }

    [GeneratedRegex(@"<(?<close>/?)(?<name>think|thinking|thought|reasoning)>|\[(?<close>/?)(?<name>THINK)\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ThoughtTags();

    [GeneratedRegex(@"<(?<close>/?)(?<name>b|strong|i|em|u|mark|code|span|p)>|<(?<name>br)\s*/?>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Marks();

    // A line of its own, or the end of the text, with the list under it.
    [GeneratedRegex(@"(?:\n[ \t]*|(?<=[.!?]\s))[*_#]{0,3}\s?(?:(?:sources?|references?)\b|출처|참고\s?문헌)[*_]{0,2}\s*:[^\n]*(?:\n{1,2}[ \t]*(?:[-*•]|\[?[0-9]{1,3}[\].)])[^\n]*)*|\n[ \t]*\[[0-9]{1,3}\]:?\s[^\n]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sources();

    [GeneratedRegex(@"\n[ \t]*[*_#]{0,3}\s?(?:confidence(?:[ \t]+(?:level|score|rating))?|신뢰도|확신도)[*_]{0,2}[ \t]*(?:\([^)\n]*\))?[*_]{0,2}[ \t]*[:=][^\n]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Confidence();

    [GeneratedRegex(@"(?:\b(?:not|never|cannot)|n['’]t)\W*(?:be\W*)?$|\b(?:wrong|incorrect)(?:\s+answer)?\s*(?:is\b|:)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeniedBefore();

    [GeneratedRegex(@"^\W*(?:(?:is|was|would\s+be)\s+(?:not|wrong|incorrect|false)\b|(?:is|was)n['’]t\b|(?:은|는|이|가)?\s*(?:아니|아닙|틀|오답))|\b(?:true|correct|right|real|actual|my)\s+answer\s+(?:is|was|should)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeniedBehind();

    [GeneratedRegex(@"^[\s,/]*(?:(?:or|and|또는|혹은)[\s,]*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Joined();
}
