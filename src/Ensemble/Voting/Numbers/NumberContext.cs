namespace Ensemble;

/// <summary>Says whether a number in a text stands for itself, or is an operand, a bound, one end of a range, one of a list, or denied: then what the text says is another number, or none.</summary>
internal sealed class NumberContext(List<NumberToken> tokens, List<NumberPhrase> phrases)
{
    private readonly NumberNeighbours _neighbours = new(tokens);

    private readonly NumberRelations _relations = new(tokens, phrases);

    private readonly NumberDenial _denial = new(tokens, phrases);

    private readonly NumberName _name = new(tokens);

    public bool IsCertain(int index)
    {
        NumberPhrase phrase = phrases[index];
        return phrase is { Number.IsShort: true, Total.IsShort: true } && _neighbours.IsFree(phrase.Start - 1, phrase) && _neighbours.IsFreeBehind(phrase)
            && !_relations.AreOne(index - 1) && !_relations.AreOne(index) && !_denial.IsDenied(index) && !_denial.IsBound(phrase) && !_name.Names(phrase);
    }

    /// <summary>Returns the last side of the equation that begins with a number: of x = 3 + 4 = 7 it is 7.</summary>
    public int EndOfEquation(int index)
    {
        int last = index;
        for (int i = index; i + 1 < phrases.Count && IsLinked(phrases[i].End, phrases[i + 1].Start, out bool equals); i++)
        {
            last = equals ? i + 1 : last;
        }

        return last;
    }

    // Nothing but operators and variables stands between.
    private bool IsLinked(int from, int to, out bool equals)
    {
        equals = false;
        for (int i = from; i < to; i++)
        {
            equals |= tokens[i].Is('=');
            if (!(tokens[i].Is('=') || tokens[i].IsVariable || IsOperatorAt(i)))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsOperatorAt(int at) => at < tokens.Count && (tokens[at].IsAny("+-*/×÷·^(){}") || tokens[at] is { Kind: NumberTokenKind.Command, Text: "times" or "cdot" or "div" });
}
