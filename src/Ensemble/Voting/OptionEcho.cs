using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Takes the options out of an answer that repeats them, one a line: they are the question's words, and the first of them is no answer.</summary>
internal static partial class OptionEcho
{
    /// <summary>Returns the text without lines that list different options one after the other; a line that says that its option is right or wrong is none of those.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="count">How many options there are.</param>
    public static string Without(string text, int count)
    {
        if (!text.Contains('\n', StringComparison.Ordinal))
        {
            return text;
        }

        string[] lines = text.Split('\n');
        List<int> run = [];
        bool[] echoes = new bool[lines.Length];
        bool any = false;
        uint seen = 0;
        for (int i = 0; i <= lines.Length; i++)
        {
            if (i < lines.Length && string.IsNullOrWhiteSpace(lines[i]))
            {
                continue;
            }

            // The same letter again begins anew: the options, and then the answer.
            int letter = i < lines.Length ? Letter(lines[i], count) : -1;
            if (letter < 0 || (seen & (1u << letter)) != 0)
            {
                foreach (int line in run.Count > 1 ? run : [])
                {
                    echoes[line] = any = true;
                }

                run.Clear();
                seen = 0;
            }

            if (letter >= 0)
            {
                run.Add(i);
                seen |= 1u << letter;
            }
        }

        return any ? string.Join('\n', lines.Where((_, line) => !echoes[line])) : text;
    }

    private static int Letter(string line, int count) =>
        Option().Match(line) is { Success: true } option && char.ToUpperInvariant(option.Groups["x"].Value[0]) - 'A' is var letter && letter < count && !Verdict().IsMatch(line[(option.Index + option.Length)..]) ? letter : -1;

    [GeneratedRegex(@"^[\s*>•(\[-]*(?<x>[A-Za-z])\**\s*[)\].:]\**(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Option();

    // "A) is wrong", "B) isn't it", "C) is right".
    [GeneratedRegex(@"^\W{0,4}(?:\w+n['’]t\b|cannot\b|(?:is|was|are|would|can|could|must|may|might|should|does|do|has|seems|looks|will)\b[^\n]{0,40}\b(?:not|never|wrong|incorrect|false|untrue|unlikely|impossible|out|excluded|rejected|doubtful|too|right|correct|true|best|better)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Verdict();
}
