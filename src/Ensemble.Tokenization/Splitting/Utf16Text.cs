using System.Runtime.CompilerServices;

namespace Ensemble.Tokenization.Splitting;

/// <summary>A text in UTF-16, valid or not.</summary>
internal readonly ref struct Utf16Text(ReadOnlySpan<char> text) : IText
{
    private readonly ReadOnlySpan<char> _text = text;

    public int Length => _text.Length;

    public bool EndsInsideCharacter => char.IsHighSurrogate(_text[^1]);

    public int this[int index] => _text[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CharClass ClassAt(int index, out int length)
    {
        char unit = _text[index];
        if (char.IsHighSurrogate(unit) && index + 1 < _text.Length && char.IsLowSurrogate(_text[index + 1]))
        {
            length = 2;
            return CharClasses.OfCodePoint(char.ConvertToUtf32(unit, _text[index + 1]));
        }

        length = 1;
        return CharClasses.OfUnit(unit);
    }

    public bool IsLongS(int index, out int length)
    {
        length = 1;
        return _text[index] == '\u017F';
    }
}
