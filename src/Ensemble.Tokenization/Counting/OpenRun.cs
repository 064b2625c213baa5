using System.Text;
using System.Text.Unicode;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Counts the open end of a text that grows by characters of one kind, each time in constant time: a model that has got stuck writes such.</summary>
/// <remarks>
/// A long piece is a word, punctuation or white space, and behind sixteen characters that go on with it more of them only make it longer. Its first tokens
/// up to a place stay those of that part, so what follows the place is encoded anew; if the two may not stand side by side, all is counted again.
/// </remarks>
internal sealed unsafe class OpenRun(PieceCounter counter)
{
    /// <summary>The units from which this pays.</summary>
    public const int MinLength = 2048;

    private const int SameBefore = 16;
    private const int MaxTail = 384;
    private const int Kept = 64;

    // The classes that go on with the last piece; of white space exactly the one.
    private CharClass _classes;
    private int _length;
    private int _place;
    private long _countBefore;
    private uint _tokenBefore;

    /// <summary>Forgets the text.</summary>
    public void Reset() => _length = 0;

    /// <summary>The tokens of a text that is the one before and more, or another after <see cref="Reset"/>.</summary>
    public long Count(ReadOnlySpan<char> text)
    {
        if (_length == 0 || !Continues(text) || !TryExtend(text, out long count))
        {
            count = counter.Count(text, long.MaxValue);
            Start(text);
        }

        return count;
    }

    private bool Continues(ReadOnlySpan<char> text) => Continues(text, _length, _classes);

    private static bool Continues(ReadOnlySpan<char> text, int start, CharClass classes)
    {
        var source = new Utf16Text(text);
        while (start < text.Length)
        {
            // What an apostrophe does depends on what follows it.
            CharClass c = source.ClassAt(start, out int units);
            if (((classes & CharClass.White) != 0 ? c != classes : (c & classes) == 0) || text[start] == '\'')
            {
                return false;
            }

            start += units;
        }

        return true;
    }

    /// <summary>The classes that go on with a long piece: its second character tells of what kind it is, the first may only lead it.</summary>
    private CharClass ClassesBehind(ReadOnlySpan<char> piece)
    {
        var source = new Utf16Text(piece);
        source.ClassAt(0, out int first);
        CharClass second = source.ClassAt(first, out _);
        CharClass last = source.ClassAt(piece.Length - (char.IsLowSurrogate(piece[^1]) ? 2 : 1), out _);
        CharClass word = counter.Rules.SplitsAtCase ? CharClass.Letter | CharClass.Mark : CharClass.Letter;
        if ((second & word) != 0)
        {
            // Where case splits words, capitals go on with nothing but capitals, and all else with all else.
            return !counter.Rules.SplitsAtCase ? word : last == CharClass.Upper ? last : word & ~CharClass.Upper;
        }

        if ((second & CharClass.White) != 0)
        {
            return last;
        }

        if ((second & CharClass.Number) != 0)
        {
            return CharClass.Number;
        }

        // Behind newlines, punctuation may be of a tail that goes on with slashes only.
        return piece.ContainsAny('\r', '\n') ? CharClass.None : CharClass.Other | CharClass.Mark;
    }

    private void Start(ReadOnlySpan<char> text)
    {
        _length = 0;
        int start = 0;
        long before = 0;
        while (true)
        {
            int end = PieceScanner.FindEnd(new Utf16Text(text), start, counter.Rules);
            if (end == text.Length)
            {
                break;
            }

            before += counter.CountPiece(text[start..end]);
            start = end;
        }

        if (text.Length - start <= Math.Max(MaxTail, counter.PlainLength))
        {
            return;
        }

        int same = text.Length - SameBefore;
        _classes = ClassesBehind(text[start..]);
        if (!Continues(text, char.IsLowSurrogate(text[same]) ? same - 1 : same, _classes))
        {
            return;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text[start..].ToArray());
        if (!bytes.All(counter.HasToken))
        {
            return;
        }

        var tokens = new uint[bytes.Length];
        var starts = new int[bytes.Length + 1];
        fixed (byte* piece = bytes)
        fixed (uint* firstToken = tokens)
        fixed (int* firstStart = starts)
        {
            int count = counter.Boundaries(piece, bytes.Length, firstToken, firstStart);
            Settle(piece, bytes.Length, firstToken, firstStart, count, start, before, LengthOfWhole(text));
        }
    }

    private bool TryExtend(ReadOnlySpan<char> text, out long count)
    {
        const int room = 2 * MaxTail;
        ReadOnlySpan<char> tail = text[_place..];
        count = 0;
        if (tail.Length > room / 3)
        {
            return false;
        }

        byte* bytes = stackalloc byte[room];
        uint* tokens = stackalloc uint[room];
        int* starts = stackalloc int[room + 1];
        Utf8.FromUtf16(tail, new Span<byte>(bytes, room), out _, out int length);
        for (int i = 0; i < length; i++)
        {
            if (!counter.HasToken(bytes[i]))
            {
                return false;
            }
        }

        int added = counter.Boundaries(bytes, length, tokens, starts);
        if (!counter.MayFollow(_tokenBefore, tokens[0]))
        {
            return false;
        }

        count = _countBefore + added;
        if (length > MaxTail / 2)
        {
            Settle(bytes, length, tokens, starts, added, _place, _countBefore, LengthOfWhole(text));
        }

        _length = LengthOfWhole(text);
        return true;
    }

    // Half a pair at the end becomes another character with the other half.
    private static int LengthOfWhole(ReadOnlySpan<char> text) => char.IsHighSurrogate(text[^1]) ? text.Length - 1 : text.Length;

    /// <summary>Moves the place up to which tokens stay to the last but some bytes where a token and a character start.</summary>
    private void Settle(byte* bytes, int length, uint* tokens, int* starts, int count, int unit, long before, int textLength)
    {
        for (int i = count - 1; i > 0; i--)
        {
            if (starts[i] <= length - Kept && (bytes[starts[i]] & 0xC0) != 0x80)
            {
                _place = unit + Encoding.UTF8.GetCharCount(bytes, starts[i]);
                _countBefore = before + i;
                _tokenBefore = tokens[i - 1];
                _length = textLength;
                return;
            }
        }
    }
}
