namespace Ensemble;

/// <summary>Tells the numbers of steps from answers: "Step 2:", "2." and "2)" at the start of a line, behind one that had the number before it.</summary>
internal sealed class NumberSteps(List<NumberToken> tokens, List<NumberPhrase> phrases)
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase) { "step", "part", "case", "question", "problem", "exercise", "example", "point", "item", "reason", "단계", "문제" };

    /// <summary>Says so of a number.</summary>
    public bool IsStep(int index) => Label(index) is { } label && phrases[index].Number is { IsWhole: true } number
        && phrases.FindLastIndex(index, phrase => phrase.Number is { IsWhole: true } one && (one + ExactNumber.One).Equals(number) && Label(phrase) == label) >= 0;

    /// <summary>Says whether a number is the first of a numbered list.</summary>
    public bool IsFirst(int index) => Label(index) is { } label && phrases[index].Number is { IsWhole: true } number
        && phrases.FindIndex(index + 1, phrase => phrase.Number is { IsWhole: true } one && (number + ExactNumber.One).Equals(one) && Label(phrase) == label) >= 0;

    private string? Label(int index) => Label(phrases[index]);

    private string? Label(NumberPhrase phrase)
    {
        int before = phrase.Start - 1;
        while (before >= 0 && tokens[before].IsAny("*#_(-"))
        {
            before--;
        }

        if (before >= 0 && tokens[before].Kind == NumberTokenKind.Word)
        {
            return Names.Contains(tokens[before].Text) ? tokens[before].Text.ToUpperInvariant() : null;
        }

        // 1단계: the name stands behind in Korean.
        if (phrase.End > phrase.NumberEnd && tokens[phrase.End - 1].Text is "단계" or "번")
        {
            return tokens[phrase.End - 1].Text;
        }

        return (before < 0 || tokens[before].Kind == NumberTokenKind.Break) && phrase.End < tokens.Count && tokens[phrase.End].IsAny(".):") ? "" : null;
    }
}
