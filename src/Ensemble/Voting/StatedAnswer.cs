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

    /// <summary>Returns the answer without thoughts, tags, marks of HTML, and lines of sources and confidence under it; the text itself where there are none, and nothing when it takes back what it put between the tags.</summary>
    public static string Of(string text)
    {
        string said = WithoutThoughts(ModelTokens.Without(text));
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
        Match? last = null;
        foreach (Match match in Opening().Matches(text))
        {
            last = match;
        }

        // The names that are words of other markup as well count only in pairs, and where there is no answer.
        if (last is null)
        {
            foreach (Match match in Output().Matches(text))
            {
                last = match;
            }
        }

        if (last is null)
        {
            return null;
        }

        string tag = last.Groups["name"].Value;
        int open = last.Index;
        int start = open + last.Groups["open"].Length;
        (int end, int after) = Closing(text, tag, start);
        string inside = text[start..(end < 0 ? text.Length : end)];
        string behind = end < 0 ? "" : text[after..];
        return (inside, !DeniedBefore().IsMatch(text[Math.Max(0, open - Near)..open]) && !DeniedBehind().IsMatch(behind) && !AnotherBehind().IsMatch(behind) && !Correction.Follows(behind) && !IsOneOfTwo(text, tag, open, inside));
    }

    /// <summary>Says whether a text denies or takes back what it put into its last <c>\boxed{}</c>, names it as a case or a chance, or boxes two that differ.</summary>
    public static bool IsUncertainBox(string text)
    {
        if (FinalAnswer.Box(text) is not var (open, end))
        {
            return false;
        }

        // Signs of mathematics around it are dress.
        string behind = text[(end + 1)..].TrimStart('$', ')', ']', '\\', '*', ' ');
        string before = text[..open].TrimEnd('$', '(', '[', '\\', '*', ' ');
        string inside = text[(text.IndexOf('{', open) + 1)..end];
        return DeniedBefore().IsMatch(before[Math.Max(0, before.Length - Near)..]) || DeniedBehind().IsMatch(behind) || Correction.Follows(behind) || Supposition.Covers(text, before.Length, end)
            || (FinalAnswer.Box(before) is var (first, last) && Joined().IsMatch(before[(last + 1)..].Trim('$', ')', '(', '\\', ' ')) && !before.AsSpan()[(before.IndexOf('{', first) + 1)..last].Trim().SequenceEqual(inside.AsSpan().Trim()));
    }

    // "<answer>5</answer> or <answer>6</answer>".
    private static bool IsOneOfTwo(string text, string tag, int open, string inside)
    {
        Match? before = null;
        foreach (Match match in Pair().Matches(text[..open]))
        {
            before = match.Groups["name"].ValueSpan.Equals(tag, StringComparison.OrdinalIgnoreCase) ? match : before;
        }

        return before is not null && Joined().IsMatch(text.AsSpan()[(before.Index + before.Length)..open]) && !before.Groups["inside"].ValueSpan.Trim().SequenceEqual(inside.AsSpan().Trim());
    }

    private static (int Start, int End) Closing(string text, string tag, int from)
    {
        foreach (Match match in Close().Matches(text))
        {
            if (match.Index >= from && match.Groups["name"].ValueSpan.Equals(tag, StringComparison.OrdinalIgnoreCase))
            {
                return (match.Index, match.Index + match.Length);
            }
        }

        return (-1, -1);
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

    // With attributes, too: <answer type="int">.
    [GeneratedRegex(@"(?<open><(?<name>answer|final_answer|final)(?:\s+[\w-]+\s*=[^<>]{0,80})?\s*>)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Opening();

    [GeneratedRegex(@"(?<open><(?<name>result|output|response|solution)(?:\s+[\w-]+\s*=[^<>]{0,80})?\s*>)(?=[^<]*</\k<name>\s*>)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Output();

    [GeneratedRegex(@"</(?<name>\w+)\s*>", RegexOptions.CultureInvariant)]
    private static partial Regex Close();

    [GeneratedRegex(@"<(?<name>answer|final_answer|final|result|output|response|solution)(?:\s+[\w-]+\s*=[^<>]{0,80})?\s*>(?<inside>[^<]*)</\k<name>\s*>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pair();

    // A line of its own, or the end of the text, with the list under it.
    [GeneratedRegex(@"(?:\n[ \t]*|(?<=[.!?]\s))[*_#]{0,3}\s?(?:(?:sources?|references?)\b|출처|참고\s?문헌)[*_]{0,2}\s*:[^\n]*(?:\n{1,2}[ \t]*(?:[-*•]|\[?[0-9]{1,3}[\].)])[^\n]*)*|\n[ \t]*\[[0-9]{1,3}\]:?\s[^\n]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Sources();

    [GeneratedRegex(@"\n[ \t]*[*_#]{0,3}\s?(?:confidence(?:[ \t]+(?:level|score|rating))?|신뢰도|확신도)[*_]{0,2}[ \t]*(?:\([^)\n]*\))?[*_]{0,2}[ \t]*[:=][^\n]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Confidence();

    [GeneratedRegex(@"(?:\b(?:not|never|cannot)|n['’]t)\W*(?:be\W*)?$|\b(?:wrong|incorrect)(?:\s+answer)?\s*(?:is\b|:)\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeniedBefore();

    [GeneratedRegex(@"^\W*(?:(?:is|was|would\s+be)\s+(?:not|wrong|incorrect|false)\b|(?:is|was)n['’]t\b|(?:은|는|이|가)?\s*(?:아니|아닙|틀|오답))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DeniedBehind();

    [GeneratedRegex(@"\b(?:true|correct|right|real|actual|my)\s+answer\s+(?:is|was|should)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnotherBehind();

    [GeneratedRegex(@"^[\s,/]*(?:(?:or|and|또는|혹은)[\s,]*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Joined();
}
