using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Finds remarks in brackets behind a number: "12 (confidence: 90%)", "2 m (200 cm)".</summary>
internal sealed partial class NumberAsides(List<NumberToken> tokens, List<NumberPhrase> phrases)
{
    // What makes the remark a part of the number: "5 (or 6)", "5 (±1)".
    private static readonly HashSet<string> Continuations = new(StringComparer.OrdinalIgnoreCase) { "or", "to", "and", "plus", "minus", "times", "less", "more", "at", "up", "또는", "혹은" };

    private static readonly HashSet<string> Sure = new(StringComparer.OrdinalIgnoreCase) { "sure", "certain", "confident", "confidence", "certainty" };

    private static readonly HashSet<string> Leads = new(StringComparer.OrdinalIgnoreCase) { "is", "are", "was", "be", "equals", "equal", "to", "gives", "give", "yields", "yield", "leaves", "leave", "choose", "pick", "select", "get", "gets", "make", "makes", "answer", "result", "total", "value", "number" };

    /// <summary>Leaves out marks of citations behind a number, as in "5 [1] km".</summary>
    public static string WithoutCitations(string text)
    {
        string answer = text.Replace('【', '[').Replace('】', ']');
        return answer.Contains('[') ? Citations().Replace(answer, "") : answer;
    }

    /// <summary>Returns the remark that a number is in, with the number that it is about, if that is certain; <see langword="null"/> for a number outside of one.</summary>
    public (int Start, int? Subject)? Find(int index)
    {
        if (IsCitation(phrases[index]))
        {
            return (phrases[index].Start - 1, null);
        }

        int open = Opening(phrases[index].Start);
        if (open < 0)
        {
            return null;
        }

        // The last number before it in the same line.
        int before = phrases.FindLastIndex(index, phrase => phrase.End <= open);
        int line = LineOf(open);
        if (before < 0 || phrases[before].Start < line || (!IsRemark(open, phrases[index].Start) && !IsRightBehind(before, open)))
        {
            return null;
        }

        return (open, IsRightBehind(before, open) && IsRemark(open, phrases[index].Start) && !Continues(open) ? before : null);
    }

    /// <summary>Says whether a number is how sure the answer is: "Confidence: 90%", "I am 90% sure", 신뢰도 90%.</summary>
    public bool IsConfidence(int index)
    {
        int at = phrases[index].Start - 1;
        while (at >= 0 && (tokens[at].IsAny(":=~(") || tokens[at].IsMarkup || tokens[at].IsWord("is") || tokens[at].IsWord("level") || tokens[at].IsWord("score") || tokens[at].IsWord("about") || tokens[at].IsWord("of")))
        {
            at--;
        }

        int end = phrases[index].End;
        end = end < tokens.Count && tokens[end].Is('%') ? end + 1 : end;
        return (at >= 0 && (tokens[at].IsWord("confidence") || tokens[at].IsWord("certainty") || tokens[at].Text is "신뢰도" or "확신도" or "신뢰도는" or "확신도는"))
            || (end < tokens.Count && tokens[end].Kind == NumberTokenKind.Word && (Sure.Contains(tokens[end].Text) || tokens[end].Text.StartsWith("확신", StringComparison.Ordinal)));
    }

    /// <summary>Says whether a number is the mark of a citation right behind another number and what it counts: "9 million people [1]".</summary>
    public bool IsMark(int index)
    {
        if (index == 0 || phrases[index].End > phrases[index].NumberEnd || !IsCitation(phrases[index]))
        {
            return false;
        }

        int at = phrases[index].Start - 2;
        while (at >= phrases[index - 1].End && tokens[at].IsAny("[]"))
        {
            at--;
        }

        return at < phrases[index - 1].End;
    }

    // "9 million people [1]": a bare number in square brackets behind a word that does not lead to it.
    private bool IsCitation(NumberPhrase phrase) => phrase.Start > 1 && tokens[phrase.Start - 1].Is('[') && phrase.End < tokens.Count && tokens[phrase.End].Is(']')
        && (tokens[phrase.Start - 2].IsAny("].,;") || (tokens[phrase.Start - 2] is { Kind: NumberTokenKind.Word, IsVariable: false } word && !Leads.Contains(word.Text) && !(NumberText.IsHangul(word.Text[0]) && word.Text[^1] is '은' or '는' or '이' or '가' or '답')));

    // Behind a number, or right behind the point of a sentence.
    [GeneratedRegex(@"(?:(?<=[0-9%]|\b(?:thousand|million|billion|trillion)|[만억조])\s*\^?|(?<=[0-9\p{L}%]\.)\^?)(?:\[\^?[0-9]{1,3}(?:\s*[,–-]\s*[0-9]{1,3})*(?:\^|†[^\]\n]*)?\])+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Citations();

    // The bracket around a token that is not closed before it.
    private int Opening(int at)
    {
        int depth = 0;
        for (int i = at; i >= 0 && tokens[i].Kind != NumberTokenKind.Break; i--)
        {
            depth += tokens[i].IsAny(")]") ? 1 : tokens[i].IsAny("([") ? -1 : 0;
            if (depth < 0)
            {
                return i;
            }
        }

        return -1;
    }

    private int LineOf(int at)
    {
        while (at > 0 && tokens[at - 1].Kind != NumberTokenKind.Break)
        {
            at--;
        }

        return at;
    }

    private bool IsRightBehind(int index, int open)
    {
        for (int i = phrases[index].End; i < open; i++)
        {
            if (!tokens[i].IsAny("*_$.,"))
            {
                return false;
            }
        }

        return true;
    }

    // f(5) is none: it touches, or holds no word.
    private bool IsRemark(int open, int number)
    {
        bool touches = open > 0 && tokens[open - 1].End == tokens[open].Start && !tokens[open - 1].IsMarkup;
        int end = open + 1;
        bool hasWord = false;
        for (; end < tokens.Count && (end <= number || !tokens[end].IsAny(")]")) && tokens[end].Kind != NumberTokenKind.Break; end++)
        {
            hasWord |= tokens[end] is { Kind: NumberTokenKind.Word } word && (!word.IsVariable || (end > 0 && UnitTable.Find(word.Text) is not null)) || tokens[end].Is('=');
        }

        return hasWord && (!touches || tokens[open + 1] is { Kind: NumberTokenKind.Word, IsVariable: false });
    }

    private bool Continues(int open)
    {
        NumberToken first = tokens[open + 1];
        return first.IsAny("±+-–~×*/^<>≤≥") || (first.Kind == NumberTokenKind.Word && Continuations.Contains(first.Text));
    }
}
