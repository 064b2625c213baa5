namespace Ensemble;

/// <summary>Says whether two numbers say one thing together, so that neither is the answer: "5 or 7", "from 5 to 7", "3 of 5", "5 and 7", "x = 5, y = 3", 12시 30분.</summary>
internal sealed class NumberRelations(List<NumberToken> tokens, List<NumberPhrase> phrases)
{
    // Further apart a word joins something else; "or" right behind the first number reaches over a clause.
    private const int Near = 4;

    private const int Clause = 8;

    private static readonly HashSet<string> Joints = new(StringComparer.OrdinalIgnoreCase)
    {
        "or", "to", "through", "till", "until", "times", "plus", "minus", "over", "by", "of", "less", "away", "per", "vs", "versus", "compared", "against", "mod", "x", "또는", "혹은", "에서", "부터", "이나", "나", "내지", "의", "보다", "대", "중", "중에", "중에서",
    };

    private static readonly HashSet<string> Ands = new(StringComparer.OrdinalIgnoreCase) { "and", "와", "과", "하고", "그리고", "및", "랑", "이랑" };

    // "7 people across 3 rooms" counts two things; "results in 12" one.
    private static readonly HashSet<string> Places = new(StringComparer.OrdinalIgnoreCase) { "in", "across", "among", "within", "during", "on", "at", "from" };

    private static readonly HashSet<string> Results = new(StringComparer.OrdinalIgnoreCase) { "result", "results", "resulted", "resulting", "arrive", "arrives", "arriving", "ends", "ended", "up", "are", "was", "were", "equals", "gives", "get", "gets", "makes", "so", "then", "thus", "hence", "therefore", "total", "totals", "and", "but" };

    // What follows is about the sentence before it: "5 left because she ate 3".
    private static readonly HashSet<string> Subordinators = new(StringComparer.OrdinalIgnoreCase) { "because", "since", "after", "while", "whereas", "although", "though", "having", "but", "than", "when" };

    // "8 were there but 3 left, so it is 5" ends in its own clause.
    internal static readonly HashSet<string> Mains = new(StringComparer.OrdinalIgnoreCase) { "is", "it's", "that's", "now", "are", "was", "were", "be", "equals", "equal", "gives", "give", "get", "gets", "makes", "make", "leaves", "leave", "so", "then", "thus", "hence", "therefore", "total", "answer", "result", "to" };

    /// <summary>Words in a label that say that it closes the list.</summary>
    internal static readonly HashSet<string> Totals = new(StringComparer.OrdinalIgnoreCase) { "total", "sum", "result", "answer", "so", "therefore", "final", "altogether", "합계", "총합", "결과", "답", "정답" };

    // What closes a reason: "because he had 5 and got 7, making 12".
    private static readonly HashSet<string> Sums = new(StringComparer.OrdinalIgnoreCase) { "together", "altogether", "making", "giving", "leaving", "totaling", "totalling" };

    private static readonly HashSet<string> Knowns = new(StringComparer.OrdinalIgnoreCase) { "the", "these", "those" };

    private static readonly HashSet<string> Parts = new(StringComparer.OrdinalIgnoreCase) { "first", "last", "next", "past", "other", "same", "whole", "entire", "following", "remaining" };

    private static readonly HashSet<string> Within = new(StringComparer.OrdinalIgnoreCase) { "for", "in", "over", "during", "after", "within", "across", "at", "all" };

    private static readonly string[] KoreanJoints = ["에서", "부터", "이나", "개나", "명나", "의", "보다"];

    /// <summary>Says so of a number and the next one.</summary>
    public bool AreOne(int left)
    {
        if (left < 0 || left + 1 >= phrases.Count)
        {
            return false;
        }

        (NumberPhrase one, NumberPhrase other) = (phrases[left], phrases[left + 1]);

        if (IsKnown(left + 1))
        {
            return false;
        }

        // Two with units side by side: a time, a date, two things.
        return one.End == other.Start ? one.End > one.NumberEnd : IsJoined(one, other) || IsListed(one, other);
    }

    /// <summary>Says whether a number only tells again what is known, behind the one that a sentence gives: "$64 for the 16 glasses", "45 miles at the end of the 4 hours".</summary>
    public bool IsKnown(int index)
    {
        int at = phrases[index].Start - 1;
        at -= at > 0 && tokens[at].Kind == NumberTokenKind.Word && Parts.Contains(tokens[at].Text) ? 1 : 0;
        if (index == 0 || at < 1 || tokens[at].Kind != NumberTokenKind.Word || !Knowns.Contains(tokens[at].Text) || !IsCounting(phrases[index])
            || !(Within.Contains(tokens[at - 1].Text) || (tokens[at - 1].IsWord("of") && at > 1 && (tokens[at - 2].IsWord("end") || tokens[at - 2].IsWord("course")))))
        {
            return false;
        }

        for (int i = phrases[index - 1].End; i < at; i++)
        {
            // "20 were sold, and in the 3 shops" begins anew.
            if (tokens[i].Kind is not NumberTokenKind.Word && !tokens[i].IsMarkup)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsCounting(NumberPhrase phrase) => phrase.Number is not null && (phrase.End > phrase.NumberEnd || (phrase.End < tokens.Count && tokens[phrase.End].Kind == NumberTokenKind.Word));

    /// <summary>Says whether a number only explains the one before it: "5 left because she ate 3", "6 comes after 5", "5 while Bob has 3".</summary>
    public bool IsSubordinate(int index) => IsSubordinate(index, Near);

    private bool IsSubordinate(int index, int reach)
    {
        if (index == 0 || (phrases[index - 1].Number is { } left && phrases[index].Number is { } right && left.Equals(right)))
        {
            return false;
        }

        // "12 because he had 5 and got 7": what goes on with a reason belongs to it.
        bool isBelow = reach > 0 && IsSubordinate(index - 1, reach - 1);
        for (int i = phrases[index - 1].NumberEnd; i < phrases[index].Start; i++)
        {
            if (tokens[i].Kind == NumberTokenKind.Break || tokens[i].IsAny(".;:=?!"))
            {
                return false;
            }

            bool isBy = tokens[i].IsWord("by") && i + 1 < phrases[index].Start && tokens[i + 1].Text.EndsWith("ing", StringComparison.OrdinalIgnoreCase);
            isBelow = (isBelow || isBy || (tokens[i].Kind == NumberTokenKind.Word && Subordinators.Contains(tokens[i].Text)))
                && !tokens[i].Is(',') && !(tokens[i].Kind == NumberTokenKind.Word && (Mains.Contains(tokens[i].Text) || Sums.Contains(tokens[i].Text)));
        }

        return isBelow;
    }

    /// <summary>Says whether a number is one of several with labels: "Alice: 5, Bob: 3".</summary>
    public bool IsLabelled(int index)
    {
        if (index == 0 || phrases[index].Start < 2 || !tokens[phrases[index].Start - 1].Is(':') || phrases[index - 1].Start == 0 || !tokens[phrases[index - 1].Start - 1].Is(':'))
        {
            return false;
        }

        int at = phrases[index - 1].End;
        int words = 0;
        for (at += at < tokens.Count && tokens[at].IsAny(",;") ? 1 : 0; at < phrases[index].Start - 1 && tokens[at] is { Kind: NumberTokenKind.Word } word && !Totals.Contains(word.Text); at++)
        {
            words++;
        }

        return words is > 0 and <= Near && at == phrases[index].Start - 1;
    }

    private bool IsJoined(NumberPhrase left, NumberPhrase right)
    {
        (int from, int to) = (left.End, right.Start);
        bool joins = EndsInJoint(left);
        bool hasResult = left.End > left.NumberEnd && Results.Contains(tokens[left.End - 1].Text);
        bool isIn = !hasResult;
        bool isPlaced = false;
        int distance = 0;
        int first = -1;
        for (int i = from; i < to && distance <= Clause; i++)
        {
            NumberToken token = tokens[i];
            if (token.IsMarkup)
            {
                hasResult |= token.Is('(');
                continue;
            }

            // "5 or x = -5": the name of the other one is looked over.
            if (IsName(i, to))
            {
                break;
            }

            if (token.Kind == NumberTokenKind.Break || token.IsAny(".;:=") || (token.IsWord("is") && first < 0))
            {
                return false;
            }

            distance++;
            isIn &= token.IsWord("in") || token.IsWord("every");
            isPlaced = token.Kind == NumberTokenKind.Word && Places.Contains(token.Text);
            hasResult |= token.Is(',') || (token.Kind == NumberTokenKind.Word && Results.Contains(token.Text));
            if (token.Kind == NumberTokenKind.Word)
            {
                joins |= Joints.Contains(token.Text) || (token.IsWord("for") && UnitTable.IsCurrencySign(tokens[left.Start]) && !UnitTable.IsCurrencySign(tokens[right.Start])) || (token.IsWord("and") && IsBetween(left)) || (right.IsKoreanFraction && token.Text is "과" or "와");
                first = first < 0 && distance <= 2 && (token.IsWord("or") || token.Text is "또는" or "혹은") ? distance : first;
            }
            else if (first >= 0 && token.Is(','))
            {
                return false;
            }

            joins |= token.IsAny("~–") && !IsSpacedDash(i);
        }

        return (distance <= Near ? joins : first >= 0 && distance <= Clause) || (distance > 0 && isIn) || (distance <= Clause && isPlaced && !hasResult);
    }

    // Nothing but commas, "and" and names stands between: a list. Of "2x = 10, x = 5" the first equation leads to the second.
    private bool IsListed(NumberPhrase left, NumberPhrase right)
    {
        bool isListed = false;
        bool isJoined = false;
        for (int i = left.End; i < right.Start; i++)
        {
            NumberToken token = tokens[i];
            if (token.IsMarkup)
            {
                continue;
            }

            if (IsName(i, right.Start))
            {
                return IsNamed(left);
            }

            if (!token.IsAny(",&") && !(token.Kind == NumberTokenKind.Word && Ands.Contains(token.Text)))
            {
                return false;
            }

            isListed = true;
            isJoined |= !token.Is(',');
        }

        // "5, 6 people" is one, "In 2020, 5 people" none, and so is the same number again.
        return isListed && (isJoined || !left.Unit.IsNone || right.Unit.IsNone || (IsOpen(left) && !(left.Number is { } one && right.Number is { } other && one.Equals(other))));
    }

    // Nothing says what the number is: it begins the clause, or follows the topic in Korean.
    private bool IsOpen(NumberPhrase phrase)
    {
        int at = phrase.Start - 1;
        while (at >= 0 && tokens[at].IsMarkup)
        {
            at--;
        }

        return at < 0 || tokens[at].Kind == NumberTokenKind.Break || tokens[at].IsAny(".:;!?=") || tokens[at].IsWord("is") || tokens[at].IsWord("are") || tokens[at].IsWord("about")
            || (tokens[at].Kind == NumberTokenKind.Word && NumberText.IsHangul(tokens[at].Text[0]));
    }

    // A variable with its equals sign right before a number.
    private bool IsName(int at, int to)
    {
        if (!tokens[at].IsVariable || at + 1 >= to || !(tokens[at + 1].Is('=') || tokens[at + 1].IsWord("is")))
        {
            return false;
        }

        for (int i = at + 2; i < to; i++)
        {
            if (!tokens[i].IsMarkup)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsNamed(NumberPhrase phrase)
    {
        int at = phrase.Start - 1;
        while (at >= 0 && tokens[at].IsMarkup)
        {
            at--;
        }

        if (at < 1 || !(tokens[at].Is('=') || tokens[at].IsWord("is")) || !tokens[at - 1].IsVariable)
        {
            return false;
        }

        int before = at - 2;
        return before < 0 || tokens[before].Kind is NumberTokenKind.Word or NumberTokenKind.Break || tokens[before].IsAny(",;:.") || tokens[before].IsMarkup;
    }

    // 5개에서 7개: the ending stands at the unit. Of "5 compared with 6" the word was taken for one.
    private bool EndsInJoint(NumberPhrase phrase) => phrase.End > phrase.NumberEnd && tokens[phrase.End - 1].Kind == NumberTokenKind.Word
        && (Array.Exists(KoreanJoints, joint => tokens[phrase.End - 1].Text.EndsWith(joint, StringComparison.Ordinal)) || tokens[phrase.End - 1].IsWord("compared") || tokens[phrase.End - 1].IsWord("against"));

    private bool IsSpacedDash(int at) => tokens[at].Is('–') && at > 0 && at + 1 < tokens.Count && tokens[at - 1].End < tokens[at].Start && tokens[at].End < tokens[at + 1].Start && tokens[at - 1].Kind == NumberTokenKind.Word;

    private bool IsBetween(NumberPhrase phrase) => phrase.Start > 0 && tokens[phrase.Start - 1].IsWord("between");
}
