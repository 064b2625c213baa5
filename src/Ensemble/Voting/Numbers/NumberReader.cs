using System.Text;

namespace Ensemble;

/// <summary>Finds the number that a text answers with: the one that it states as its answer, else the last one. A number without a certain reading is none, and no other stands in for it.</summary>
internal sealed partial class NumberReader
{
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
            int subject = aside.Subject ?? Repeated(aside.Start, last) ?? -1;
            while (subject > 0 && _relations.IsKnown(subject))
            {
                subject--;
            }

            return subject >= 0 && Counts(subject) ? Certain(subject) : null;
        }

        // "He pays $64 for the 16 glasses" names glasses that are known already.
        while (last > 0 && (_denial.DeniesNext(last - 1) || (_relations.IsKnown(last) && Counts(last - 1))))
        {
            last--;
        }

        if ((_relations.IsSubordinate(last) && !_denial.IsDenied(last - 1)) || _relations.IsLabelled(last) || IsOneOfRows() || FollowsResult(last))
        {
            return null;
        }

        return !ContradictsFirst(last, out int first) ? Certain(last) : IsExplained(first) ? Certain(first) : null;
    }

    // "She has 12 apples left (15 - 3 = 12)."
    private int? Repeated(int open, int last)
    {
        int before = _phrases.FindLastIndex(phrase => phrase.End <= open);
        return before >= 0 && last > 0 && _tokens[_phrases[last].Start - 1].Is('=') && _phrases[before].Number is { } said && _phrases[last].Number is { } again && said.Equals(again) ? before : null;
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

    // One number, or the same one over and over.
    private NumberPhrase? Only(int start, int end, int first)
    {
        NumberPhrase? found = null;
        for (int i = first; i < _phrases.Count && _phrases[i].Start < end; i = _context.EndOfEquation(i) + 1)
        {
            if (!Counts(i) || (found is not null && _relations.IsKnown(i)))
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

    // A point that ends a sentence has a space or nothing behind it.
    private bool EndsSentence(int at) => _tokens[at].Kind == NumberTokenKind.Break
        || (_tokens[at].IsAny(".!?;") && (at + 1 == _tokens.Count || _tokens[at + 1].Start > _tokens[at].End || _tokens[at + 1].Kind == NumberTokenKind.Break));
}
