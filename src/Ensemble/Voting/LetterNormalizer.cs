using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads the letter of an option: <c>B</c>, <c>(b)</c>, <c>B) Paris</c>, <c>The answer is B.</c> The article "A" is no option.</summary>
internal sealed partial class LetterNormalizer(int count) : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = OptionEcho.Without(Narrow(ChoiceJson.Unwrap(answer)), count).Trim();
        if (FinalAnswer.Find(text) is { } stated && Leading().Match(stated) is { Success: true } leading)
        {
            int at = text.LastIndexOf(stated, StringComparison.Ordinal);
            return NamesAnother(leading, stated, withLabels: false) || Supposition.Covers(text, at, at) ? null : Alone(leading, stated);
        }

        // "C) is wrong. B) is right."
        Match whole = Whole().Match(text);
        if (whole.Success && !Denies(whole, text))
        {
            return NamesAnother(whole, text, withLabels: true) || IsWrong(whole, text) ? null : Alone(whole, text);
        }

        // In a sentence only "(B)", "option B", "it is B", "I choose B" and the like count; two different ones are no ballot, and beside a denied one only what is said to be right.
        string? found = null;
        bool isSure = false;
        bool denies = whole.Success;
        foreach (Match match in Inside().Matches(text))
        {
            if (Known(match) is not { } letter)
            {
                continue;
            }

            int at = match.Groups["x"].Index;
            if (Denies(match, text) || Supposition.Covers(text, at, at + 1))
            {
                denies = true;
            }
            else if (found is not null && found != letter)
            {
                return null;
            }
            else
            {
                (found, isSure) = (letter, isSure || match.Groups["sure"].Success);
            }
        }

        return denies && !isSure ? null : found;
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
        return another || Denies(match, text) ? null : Known(match);
    }

    private static bool Denies(Match match, string text) => Denial.CoversLabel(text, match.Groups["x"].Index, match.Groups["x"].Index + 1);

    // "B: incorrect" says what B is; "B) Incorrect" may repeat the option.
    private static bool IsWrong(Match match, string text) => Verdict().IsMatch(text.AsSpan(match.Groups["x"].Index + 1));

    // "A) no B) yes" lists them, and "B) Paris. I choose C." changes its mind.
    private bool NamesAnother(Match first, string text, bool withLabels)
    {
        int line = text.IndexOf('\n', first.Index + first.Length) is >= 0 and var end ? end : text.Length;
        foreach (Match match in Inside().Matches(text, first.Groups["x"].Index + 1))
        {
            bool isAnother = match.Groups["label"].Success ? withLabels && match.Index < line && !Denial.DeniesLabel(text, match.Groups["x"].Index + 1) : match.Groups["sure"].Success && !Denies(match, text);
            if (isAnother && Known(match) is { } letter && letter != Known(first))
            {
                return true;
            }
        }

        // "A: 10 %, B: 80 %" says something about each.
        return withLabels && Listed().Matches(text, first.Groups["x"].Index + 1).Any(match => Known(match) is { } letter && letter != Known(first));
    }

    private string? Known(Match match)
    {
        char letter = char.ToUpperInvariant(match.Groups["x"].Value[0]);
        return letter - 'A' < count ? letter.ToString() : null;
    }

    [GeneratedRegex(@"\G[\s*)\]}""']*(?:or|and|nor|/|&)[\s*(\[""']*(?:(?:maybe|perhaps|possibly|even|also)\s+)?[(\[]?(?:option\s+)?(?<x>[A-Za-z])(?![\w'])", RegexOptions.CultureInvariant)]
    private static partial Regex Another();

    [GeneratedRegex(@"^[\s*)]*[:–—-][\s*]*(?:incorrect|wrong|not\s+(?:correct|right|true))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Verdict();

    [GeneratedRegex(@"(?<=[,;(\s])(?<x>[A-Z])(?:\)?\s*:\s|\s+[–—-]\s)", RegexOptions.CultureInvariant)]
    private static partial Regex Listed();

    // After "answer": a letter that is a word of its own; a small one needs an end or a bracket behind it ("the answer is a bit long").
    [GeneratedRegex(@"^[\s:*(\[{""'`=]*(?:(?i:option|choice)\s+|\\text\{)?(?:(?<x>[A-Z])(?![A-Za-z0-9_'])(?!\s+(?!(?:because|since|as(?!\s+well)|due)\b)[a-z])|(?<x>[a-z])(?=\s*(?:[).\]:*}]|$)))", RegexOptions.CultureInvariant)]
    private static partial Regex Leading();

    [GeneratedRegex(@"^[\s*(\[""'`]*(?:option\s+|choice\s+)?(?<x>[A-Za-z])(?:번?[\s*)\].:""'`]*$|(?<!I)[\s*)\]""']*,?\s(?:because|since|as(?!\s+well))\s|\**\s+[–—-]\s+(?=\p{L})(?![^.\n]*\b(?:is|are)\s+(?:not|wrong|incorrect|false)\b)(?!(?:no|not|or|but|incorrect|wrong|false|maybe|perhaps|possibly|unlikely|unsure|unknown|unclear)\b)|\**\s+\((?-i:(?=[A-Z]\w))(?!(?:no|not|or|but|none|incorrect|wrong|false|maybe|perhaps|possibly|unlikely|unsure|unknown|unclear)\b)[^()\n%]{1,80}\)[\s.*]*$|[*)\].:]*\s*\n(?!\s*[A-Za-z][\s).:]*(?:\n|$))|\s*[).\]:](?:\s|\*|$))", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Whole();

    [GeneratedRegex(
        """
        (?<![A-Za-z0-9_])\(?(?<x>[A-Z])[).]?\s+(?<sure>(?i:is|must\s+be|seems)\s+(?i:the\s+)?(?i:right|correct|true|best|answer))\b
        |(?<![A-Za-z0-9_])(?<x>[A-Z])[).]?\s+(?<sure>(?i:is|fits|works|matches|suits|looks|seems))\s+(?i:the\s+)?(?i:better|best)\b
        |\((?<x>[A-Za-z])(?<label>\))
        |(?<![A-Za-z0-9_(])(?<x>[A-Z])(?<label>\))(?=\s)
        |\b(?i:option|choice)\s+\(?(?<x>[A-Z])(?![A-Za-z0-9_])
        |\b(?<sure>(?i:it\s+is|it['’]s|it\s+must\s+be|it\s+would\s+be|choose|chose|pick|select|go(?:ing)?\s+with|say))[\s*]+(?<x>[A-Z])(?=[\s*]*(?:[.;!)\]"']|,\s*[a-z]{2}|\s+(?:because|since|as)\b|$))
        |(?:^|[.!?\n]\s*)(?<sure>(?i:so|therefore|thus|hence)),?\s+\**\(?(?<x>[A-HJ-Z])(?=\)?\**[.\s]*$)
        |\b(?i:option|choice)\s+is[\s*]+\(?(?<x>[A-Z])(?=[\s*]*(?:[.;!)\]"']|,\s*[a-z]{2}|\s+(?:because|since|as)\b|$))
        |(?<![A-Za-z0-9_])(?<x>[A-Z])(?=(?:번)?(?:(?:을|를|이|가)\s*(?:선택|고르|고릅|골|정답|맞)|(?:입니다|이에요|예요|이다)))
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Inside();
}
