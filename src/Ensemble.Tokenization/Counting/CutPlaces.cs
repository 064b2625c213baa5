using System.Globalization;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>The places in a part of a text where a cut splits no unit; graphemes are found once, since each is known only from those before it.</summary>
internal readonly unsafe ref struct CutPlaces : IDisposable
{
    private readonly NativeArray<bool> _cuts;
    private readonly int _start;
    private readonly int _end;
    private readonly bool _byGrapheme;

    /// <summary>Finds the places from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public CutPlaces(ReadOnlySpan<char> text, int start, int end, TextUnit unit)
    {
        _byGrapheme = unit == TextUnit.Grapheme;
        if (!_byGrapheme)
        {
            return;
        }

        _start = TextUnits.PreviousCut(text, start, unit);
        int last = _start;
        _end = end;
        _cuts = new NativeArray<bool>(end - _start + 1);
        new Span<bool>(_cuts.Pointer, end - _start + 1).Clear();
        while (last <= end)
        {
            _cuts.Pointer[last - _start] = true;
            if (last == text.Length)
            {
                break;
            }

            last += StringInfo.GetNextTextElementLength(text[last..]);
        }
    }

    /// <summary>The last place at or before an index that is not behind the part.</summary>
    public int Previous(ReadOnlySpan<char> text, int index)
    {
        if (!_byGrapheme)
        {
            return TextUnits.PreviousCut(text, index, TextUnit.Character);
        }

        while (index >= _start)
        {
            if (_cuts.Pointer[index - _start])
            {
                return index;
            }

            index--;
        }

        return TextUnits.PreviousCut(text, index, TextUnit.Grapheme);
    }

    /// <summary>The first place at or behind an index that is not before the part.</summary>
    public int Next(ReadOnlySpan<char> text, int index)
    {
        if (!_byGrapheme)
        {
            return TextUnits.NextCut(text, index, TextUnit.Character);
        }

        while (index <= _end)
        {
            if (_cuts.Pointer[index - _start])
            {
                return index;
            }

            index++;
        }

        return TextUnits.NextCut(text, index, TextUnit.Grapheme);
    }

    public void Dispose() => _cuts.Dispose();
}
