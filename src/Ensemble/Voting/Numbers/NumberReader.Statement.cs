namespace Ensemble;

// What a text states as its answer.
internal sealed partial class NumberReader
{
    private static readonly HashSet<string> Fillers = new(StringComparer.OrdinalIgnoreCase)
    {
        "approximately", "about", "around", "roughly", "exactly", "simply", "just", "therefore", "thus", "then", "equal", "to", "equals", "is", "be", "the", "number", "value", "only", "now", "still", "약", "대략", "바로",
    };

    private static readonly HashSet<string> Pointers = new(StringComparer.OrdinalIgnoreCase)
    {
        "below", "following", "follows", "as", "here", "this", "given", "shown", "computed", "calculated", "found", "in", "at", "a", "line", "end", "next", "다음과", "다음", "아래", "아래와", "같습니다", "같다", "같이",
    };

    private static readonly HashSet<string> Doers = new(StringComparer.OrdinalIgnoreCase) { "we", "i", "let", "let's", "you", "first" };

    /// <summary>Returns the token behind the last "answer … is", "answer:" or 정답은; a mere "answer" states nothing.</summary>
    private int? Statement()
    {
        int? start = null;
        bool open = false;
        bool isFar = false;
        for (int i = 0; i < _tokens.Count; i++)
        {
            NumberToken token = _tokens[i];
            if (token.IsWord("answer") || token.IsWord("answers"))
            {
                (open, isFar) = (!FinalAnswer.IsSought(_text, token.Start), false);
            }
            else if (token.Kind == NumberTokenKind.Word && token.Text is "정답은" or "답은" or "정답이" or "답이")
            {
                (start, open) = (i + 1, false);
            }
            else if (token.Kind == NumberTokenKind.Word && token.Text is "정답" or "답")
            {
                (open, isFar) = (true, false);
            }
            else if (token.Is(',') && i + 1 < _tokens.Count && Doers.Contains(_tokens[i + 1].Text))
            {
                // "To get at the answer, we compute: 16 - 7 = 9" goes on to something else.
                isFar = true;
            }
            else if (open && ((token.IsAny(":=") && !isFar) || token.IsWord("is") || token.IsWord("are") || token.IsWord("was") || token.IsWord("be") || token.IsWord("equals") || token.IsWord("isn't")))
            {
                // "isn't" stays in view, to deny.
                (start, open) = (token.IsWord("isn't") ? i : i + 1, false);
            }
            else if (open && EndsSentence(i))
            {
                open = false;
            }
        }

        return start;
    }

    private NumberPhrase? Stated(int start)
    {
        int end = start;
        int skip = start;
        while (skip < _tokens.Count && (_tokens[skip].Kind == NumberTokenKind.Break || _tokens[skip].IsAny("*_:$")))
        {
            skip++;
        }

        for (end = skip; end < _tokens.Count && !EndsSentence(end); end++)
        {
        }

        int first = _phrases.FindIndex(phrase => phrase.Start >= start && (!_hasDigits || !phrase.IsSpelled));
        if (first < 0)
        {
            // "5 is the answer: I checked" states nothing behind; "the answer is unknown" neither.
            return null;
        }

        if (_phrases[first].Start >= end)
        {
            // "The answer is below." points to a number, "the answer is unknown." says that there is none.
            return PointsOn(skip, end) ? Last() : null;
        }

        // "is not 5 but 6".
        if (first + 1 < _phrases.Count && _phrases[first + 1].Start < end && Counts(first + 1) && _denial.YieldsToNext(first))
        {
            return Only(_phrases[first + 1].Start, end, first + 1);
        }

        return IsDirect(skip, _phrases[first].Start) ? Certain(_context.EndOfEquation(first)) : Only(start, end, first);
    }

    private bool PointsOn(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (_tokens[i].Kind == NumberTokenKind.Word && !Fillers.Contains(_tokens[i].Text) && !Pointers.Contains(_tokens[i].Text))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsDirect(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            NumberToken token = _tokens[i];
            bool passes = token.Kind == NumberTokenKind.Word ? token.IsVariable || Fillers.Contains(token.Text) || UnitTable.IsCurrencyCode(token.Text)
                : token.Kind == NumberTokenKind.Command || token.IsAny("*_:=~≈$([{\"'`");
            if (!passes)
            {
                return false;
            }
        }

        return true;
    }
}
