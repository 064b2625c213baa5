using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Finds what a model says in answer: not what it thought before, and what it put between answer tags.</summary>
/// <remarks>
/// Reasoning models write their thoughts between <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c> (DeepSeek-R1, Qwen3; the template may have written the opening one), and servers that do not
/// part them leave them in the text. <c>&lt;answer&gt;</c> is what many prompts ask for.
/// </remarks>
internal static partial class StatedAnswer
{
    private static readonly string[] Thoughts = ["think", "thinking", "thought", "reasoning"];

    private static readonly string[] Answers = ["answer", "final_answer", "final"];

    /// <summary>Returns the answer without thoughts, tags and marks of HTML; the text itself where there are none.</summary>
    public static string Of(string text)
    {
        string said = WithoutThoughts(text);
        return said.Contains('<') ? WithoutMarks(Tagged(said) ?? said) : said;
    }

    /// <summary>Returns what follows the thoughts; nothing when they were not finished.</summary>
    public static string WithoutThoughts(string text)
    {
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        foreach (string name in Thoughts)
        {
            string close = $"</{name}>";
            int end = text.LastIndexOf(close, StringComparison.OrdinalIgnoreCase);
            bool opens = start.StartsWith($"<{name}>", StringComparison.OrdinalIgnoreCase);

            // Without an opening tag in front, only one that the template wrote: a text that speaks of the tags holds both.
            if (end >= 0 && (opens || !text.Contains($"<{name}>", StringComparison.OrdinalIgnoreCase)))
            {
                return text[(end + close.Length)..];
            }

            if (opens && end < 0)
            {
                return "";
            }
        }

        return text;
    }

    /// <summary>Returns what is inside the last answer tag, also when a stop sequence cut its end off.</summary>
    public static string? Tagged(string text)
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

        start += tag.Length + 2;
        int end = text.IndexOf($"</{tag}>", start, StringComparison.OrdinalIgnoreCase);
        return text[start..(end < 0 ? text.Length : end)];
    }

    private static string WithoutMarks(string text) => Lines().Replace(Marks().Replace(text, ""), "\n");

    [GeneratedRegex(@"</?(?:b|strong|i|em|u|mark|code|span)>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Marks();

    [GeneratedRegex(@"<br\s*/?>|</?p>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lines();
}
