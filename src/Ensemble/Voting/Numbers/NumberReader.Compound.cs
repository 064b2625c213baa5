namespace Ensemble;

// Several units of one quantity.
internal sealed partial class NumberReader
{
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
