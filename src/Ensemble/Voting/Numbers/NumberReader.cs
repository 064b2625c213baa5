using System.Text;

namespace Ensemble;

/// <summary>Finds the number that a text answers with: the one that it states as its answer, else the last one. A number without a certain reading is none, and no other stands in for it.</summary>
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

    private readonly List<NumberToken> _tokens;
    private readonly List<NumberPhrase> _phrases = [];
    private readonly NumberContext _context;
    private readonly NumberDenial _denial;
    private readonly NumberAsides _asides;
    private readonly NumberSteps _steps;
    private readonly NumberRelations _relations;
    private readonly bool _hasDigits;
    private readonly string _text;

    private NumberReader(string text)
    {
        _text = NumberAsides.WithoutCitations(NumberText.Fold(text));
        _tokens = SpelledNumbers.Join(NumberLexer.Read(_text));
        NumberGrammar grammar = new(_tokens);
        int earliest = 0;
        for (int i = 0; i < _tokens.Count; i++)
        {
            if (grammar.Begins(i))
            {
                Add(grammar.Read(i, earliest));
                earliest = _phrases[^1].End;
                i = earliest - 1;
            }
        }

        _hasDigits = _phrases.Exists(phrase => !phrase.IsSpelled);
        _context = new(_tokens, _phrases);
        _denial = new(_tokens, _phrases);
        _asides = new(_tokens, _phrases);
        _steps = new(_tokens, _phrases);
        _relations = new(_tokens, _phrases);
    }

    /// <summary>Reads the number of an answer.</summary>
    public static NumberPhrase? Find(string answer) => Search(answer, FinalAnswer.Boxed(answer)).Phrase;

    /// <summary>Reads the number of an answer in base units, with its unit and what it is of.</summary>
    public static (ExactNumber Total, Unit Unit)? FindQuantity(string answer)
    {
        // The unit may stand behind the box.
        (NumberReader reader, NumberPhrase? phrase) = Search(answer, FinalAnswer.BoxedWithUnit(answer));
        return phrase is null ? null : new CountedThing(reader._tokens).Read(phrase);
    }

    private static (NumberReader Reader, NumberPhrase? Phrase) Search(string answer, string? boxed) => (boxed is null ? SearchBeforeCheck(answer) : null) ?? SearchWhole(answer, boxed);

    private static (NumberReader Reader, NumberPhrase? Phrase) SearchWhole(string answer, string? boxed)
    {
        NumberReader reader = new(boxed ?? answer);
        reader = reader.SaidOnce() is { } once ? new(once) : reader;
        return (reader, boxed is null ? reader.UnlessTakenBack(reader.Statement() is { } start ? reader.Stated(start) : reader.Last())
            : reader._phrases.Exists(phrase => phrase.HasDecimalComma && !boxed.Contains("{,}", StringComparison.Ordinal)) ? null
            : reader.Only(0, reader._tokens.Count, 0));
    }

    // "Is it 5?" is no answer.
    private bool Asks(int from)
    {
        int at = from;
        while (at < _tokens.Count && !EndsSentence(at) && !_tokens[at].Is('?'))
        {
            at++;
        }

        return at < _tokens.Count && _tokens[at].Is('?');
    }

    // "The answer is 5. Wait, it is 6." and "5. No, that is wrong."; the same number again stands.
    private NumberPhrase? UnlessTakenBack(NumberPhrase? phrase)
    {
        if (phrase is not null && (Asks(phrase.End) || SaysOtherwise(phrase) || Supposition.Covers(_text, _tokens[phrase.Start].Start, _tokens[phrase.NumberEnd - 1].End)))
        {
            return null;
        }

        if (phrase is null || !Correction.Follows(_text[_tokens[phrase.End - 1].End..]))
        {
            return phrase;
        }

        int again = _phrases.FindLastIndex(other => other.Start >= phrase.End && (!_hasDigits || !other.IsSpelled));
        return again >= 0 && Certain(again) is { Total: { } total } && total.Equals(phrase.Total!.Value) ? phrase : null;
    }

    // "7 (eight)".
    private bool SaysOtherwise(NumberPhrase phrase) => _phrases.Find(other => other.IsSpelled && other.Start == phrase.End + 1) is { } again && _tokens[phrase.End].IsAny("([")
        && again.End < _tokens.Count && _tokens[again.End].IsAny(")]") && !(again.Number is { } number && phrase.Number is { } own && number.Equals(own));

    // Words count only where there are no digits: "12, checked two times" is twelve.
    private bool Counts(int index) => !_hasDigits || !_phrases[index].IsSpelled;

    private NumberPhrase? Last()
    {
        int last = _phrases.FindLastIndex(phrase => !_hasDigits || !phrase.IsSpelled);
        while (last >= 0 && (_asides.IsConfidence(last) || _asides.IsMark(last)))
        {
            last = last == 0 ? -1 : _phrases.FindLastIndex(last - 1, phrase => !_hasDigits || !phrase.IsSpelled);
        }

        if (last < 0 || IsBareList() || _steps.IsStep(last) || Correction.Refuses(_text))
        {
            return null;
        }

        // "5, not 6" and "5 (not 6)" name the first one, and "12 (confidence: 90%)" says something about it.
        if (_asides.Find(last) is { } aside)
        {
            return aside.Subject is { } subject && Counts(subject) ? Certain(subject) : null;
        }

        while (last > 0 && _denial.DeniesNext(last - 1))
        {
            last--;
        }

        if ((_relations.IsSubordinate(last) && !_denial.IsDenied(last - 1)) || _relations.IsLabelled(last) || IsOneOfRows() || FollowsResult(last))
        {
            return null;
        }

        return !ContradictsFirst(last, out int first) ? Certain(last) : IsExplained(first) ? Certain(first) : null;
    }

    // "twelve (12) km" and "12 (twelve) km" are "12 km": the digits stay, and what is behind is about them.
    private string? SaidOnce()
    {
        StringBuilder? once = null;
        int from = 0;
        for (int i = 1; i < _phrases.Count; i++)
        {
            (NumberPhrase first, NumberPhrase second) = (_phrases[i - 1], _phrases[i]);
            if (first.IsSpelled == second.IsSpelled || second.Start != first.End + 1 || !_tokens[first.End].IsAny("([") || second.End >= _tokens.Count || !_tokens[second.End].IsAny(")]")
                || first.Total is not { } total || second.Total is not { } again || !total.Equals(again) || (second.Unit.IsNone ? first.IsSpelled && !first.Unit.IsNone : !second.Unit.HasDimensionOf(first.Unit)))
            {
                continue;
            }

            once ??= new();
            once.Append(_text, from, (first.IsSpelled ? _tokens[first.Start].Start : _tokens[first.End - 1].End) - from);
            _ = first.IsSpelled ? once.Append(_text, _tokens[second.Start].Start, _tokens[second.End - 1].End - _tokens[second.Start].Start) : once;
            from = _tokens[second.End].End;
        }

        return once?.Append(_text, from, _text.Length - from).ToString();
    }

    private NumberPhrase? Certain(int index) => _context.IsCertain(index) ? _phrases[index] : null;

    // "1, 2, 3" names no answer: a last number needs a text before it.
    private bool IsBareList() => _phrases.Count(phrase => !phrase.IsSpelled) > 1
        && !_tokens.Exists(token => token.Kind == NumberTokenKind.Word || token.Is('=') || token.Kind is NumberTokenKind.Break or NumberTokenKind.Command);

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

    // One number, or the same one over and over.
    private NumberPhrase? Only(int start, int end, int first)
    {
        NumberPhrase? found = null;
        for (int i = first; i < _phrases.Count && _phrases[i].Start < end; i = _context.EndOfEquation(i) + 1)
        {
            if (!Counts(i))
            {
                continue;
            }

            NumberPhrase? phrase = Certain(_context.EndOfEquation(i));
            if (phrase is null || (found is not null && (found.Total!.Value.ToString() != phrase.Total!.Value.ToString() || !found.Unit.HasDimensionOf(phrase.Unit))))
            {
                return null;
            }

            found = phrase;
        }

        return found is not null && found.Start >= start ? found : null;
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

    // A point that ends a sentence has a space or nothing behind it.
    private bool EndsSentence(int at) => _tokens[at].Kind == NumberTokenKind.Break
        || (_tokens[at].IsAny(".!?;") && (at + 1 == _tokens.Count || _tokens[at + 1].Start > _tokens[at].End || _tokens[at + 1].Kind == NumberTokenKind.Break));

    /// <summary>Returns the token behind the last "answer … is", "answer:" or 정답은; a mere "answer" states nothing.</summary>
    private int? Statement()
    {
        int? start = null;
        bool open = false;
        for (int i = 0; i < _tokens.Count; i++)
        {
            NumberToken token = _tokens[i];
            if (token.IsWord("answer") || token.IsWord("answers"))
            {
                open = true;
            }
            else if (token.Kind == NumberTokenKind.Word && token.Text is "정답은" or "답은" or "정답이" or "답이")
            {
                (start, open) = (i + 1, false);
            }
            else if (token.Kind == NumberTokenKind.Word && token.Text is "정답" or "답")
            {
                open = true;
            }
            else if (open && (token.IsAny(":=") || token.IsWord("is") || token.IsWord("are") || token.IsWord("was") || token.IsWord("be") || token.IsWord("equals") || token.IsWord("isn't")))
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

    // 1 h 30 min and 5 ft 3 in are one quantity: units of one kind, the next one smaller.
    private void Add(NumberPhrase next)
    {
        if (_phrases.Count > 0 && _phrases[^1] is { Number: { } first, HasKnownUnit: true, Unit: { IsNone: false } unit } last && next is { Number: { Sign: >= 0 } more } && Joins(last.End, next.Start))
        {
            Unit? smaller = next.Unit is { IsNone: false } own ? next.HasKnownUnit && own.HasDimensionOf(unit) && own.Factor < unit.Factor ? own : null
                : IsHour(last) && _tokens[last.End - 1].End == _tokens[next.Start].Start && more < ExactNumber.Of(60) ? UnitTable.Find("min") : null;
            if (smaller is not null && unit.Offset.Sign == 0)
            {
                ExactNumber added = smaller.ToBase(more);
                _phrases[^1] = new()
                {
                    Start = last.Start,
                    NumberEnd = next.NumberEnd,
                    End = next.End,
                    Number = first,
                    Unit = unit.WithFactor(smaller.Factor),
                    HasKnownUnit = true,
                    Total = last.Total!.Value + (first.Sign < 0 ? -added : added),
                    IsCompound = true,
                };
                return;
            }
        }

        _phrases.Add(next);
    }

    private bool IsHour(NumberPhrase phrase) => _tokens[phrase.End - 1].Text is "h" or "H" && phrase.Unit.Factor.ToString() == "3600";

    private bool Joins(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            if (!_tokens[i].Is(',') && !_tokens[i].IsWord("and"))
            {
                return false;
            }
        }

        return true;
    }
}
