using System.Runtime.CompilerServices;

namespace Ensemble.Tokenization.Splitting;

/// <summary>A text in valid UTF-8.</summary>
internal readonly unsafe struct Utf8Text(byte* text, int length) : IText
{
    public int Length => length;

    public bool EndsInsideCharacter => false;

    public int this[int index] => text[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CharClass ClassAt(int index, out int length)
    {
        byte first = text[index];
        if (first < 0x80)
        {
            length = 1;
            return CharClasses.OfUnit((char)first);
        }

        return Utf8Decoder.ClassOf(text + index, out length);
    }

    public bool IsLongS(int index, out int length)
    {
        length = 2;
        return text[index] == 0xC5 && index + 1 < Length && text[index + 1] == 0xBF;
    }
}
