using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads the letter of an option: <c>B</c>, <c>(b)</c>, <c>B) Paris</c>, <c>The answer is B.</c> The article "A" is no option.</summary>
internal sealed partial class LetterNormalizer(int count) : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = Narrow(answer.Trim());
        if (FinalAnswer.Find(text) is { } stated && Leading().Match(stated) is { Success: true } leading)
        {
            return Alone(leading, stated);
        }

        if (Whole().Match(text) is { Success: true } whole)
        {
            return Alone(whole, text);
        }

        // In a sentence only "(B)", "option B", "it is B", "I choose B" and the like count; two different ones are no ballot.
        string? found = null;
        foreach (Match match in Inside().Matches(text))
        {
            if (Known(match) is { } letter)
            {
                if ((found is not null && found != letter) || Denial.Covers(text, match.Index, match.Index + match.Length))
                {
                    return null;
                }

                found = letter;
            }
        }

        return found;
    }

    // Ｂ is B.
    private static string Narrow(string text) => text.AsSpan().ContainsAnyInRange('！', '～')
        ? string.Create(text.Length, text, static (narrow, wide) =>
        {
            for (int i = 0; i < wide.Length; i++)
            {
                narrow[i] = wide[i] is >= '！' and <= '～' ? (char)(wide[i] - '！' + '!') : wide[i];
            }
        })
        : text;

    // "A or B" is no choice between them, and "B) is wrong" denies it.
    private string? Alone(Match match, string text)
    {
        int end = match.Groups["x"].Index + 1;
        bool another = Another().Match(text, end) is { Success: true } other && Known(other) is { } second && second != Known(match);
        return another || Denial.Covers(text, match.Groups["x"].Index, end) ? null : Known(match);
    }

    private string? Known(Match match)
    {
        char letter = char.ToUpperInvariant(match.Groups["x"].Value[0]);
        return letter - 'A' < count ? letter.ToString() : null;
    }

    [GeneratedRegex(@"\G[\s*)\]}""']*(?:or|and|nor|/|&)[\s*(\[""']*(?:option\s+)?(?<x>[A-Za-z])(?![\w'])", RegexOptions.CultureInvariant)]
    private static partial Regex Another();

    // After "answer": a letter that is a word of its own; a small one needs an end or a bracket behind it ("the answer is a bit long").
    [GeneratedRegex(@"^[\s:*(\[{""'=]*(?:(?i:option|choice)\s+|\\text\{)?(?:(?<x>[A-Z])(?![A-Za-z0-9_'])(?!\s+[a-z])|(?<x>[a-z])(?=\s*(?:[).\]:*}]|$)))", RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    [GeneratedRegex(@"^[\s*(\[""']*(?:option\s+|choice\s+)?(?<x>[A-Za-z])(?:[\s*)\].:""']*$|\s*[).\]:](?:\s|\*|$))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Whole();

    [GeneratedRegex(
        """
        \((?<x>[A-Za-z])\)
        |\b(?i:option|choice)\s+\(?(?<x>[A-Z])(?![A-Za-z0-9_])
        |\b(?i:it\s+is|it['’]s|it\s+must\s+be|it\s+would\s+be|choose|chose|pick|select|go\s+with|say)[\s*]+(?<x>[A-Z])(?=[\s*]*(?:[.;!)\]"']|,\s*[a-z]{2}|$))
        |(?<![A-Za-z0-9_])(?<x>[A-Z])(?=(?:번)?(?:(?:을|를|이|가)\s*(?:선택|고르|고릅|골|정답|맞)|(?:입니다|이에요|예요|이다)))
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Inside();
}
