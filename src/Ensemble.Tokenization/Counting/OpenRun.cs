using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Ensemble.Tokenization.Splitting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>Counts the open end of a text that grows within one long piece: a model that has got stuck writes such.</summary>
/// <remarks>
/// A long piece is a word, punctuation or white space, and behind sixteen characters that go on with it more of them only make it longer: then a count takes
/// constant time. Otherwise the pieces are looked for again, which is quick beside encoding them. Either way the first tokens of the piece up to a place
/// stay those of that part, so what follows the place is encoded anew; if the two may not stand side by side, all is counted again.
/// </remarks>
internal sealed unsafe class OpenRun(PieceCounter counter)
{
    /// <summary>The units from which this pays.</summary>
    public const int MinLength = 2048;

    private const int SameBefore = 16;
    private const int MaxTail = 384;
    private const int Kept = 64;

    // Where the pieces before the long one end; it starts at the last of these places.
    private readonly List<int> _endsBefore = [];

    // The classes that go on with the last piece, of white space exactly the one; none when nothing goes on with it for certain.
    private CharClass _classes;
    private int _length;
    private int _place;
    private long _countBefore;
    private uint _tokenBefore;

    /// <summary>Whether a long piece of the text is known, so that the next count is quick.</summary>
    public bool IsFollowed => _length > 0;

    /// <summary>Forgets the text.</summary>
    public void Reset() => _length = 0;

    /// <summary>The tokens of a text that is the one before and more, or another after <see cref="Reset"/>.</summary>
    public long Count(ReadOnlySpan<char> text)
    {
        if (_length > 0)
        {
            if (Continues(text, _length, _classes) && TryExtend(text, text.Length, out long extended))
            {
                return extended;
            }

            if (TryFindAgain(text, out long found))
            {
                return found;
            }
        }

        long count = counter.Count(text, long.MaxValue);
        Start(text);
        return count;
    }

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

    private void KnowClasses(ReadOnlySpan<char> text, int start, int end)
    {
        int same = text.Length - SameBefore;
        _classes = end == text.Length ? ClassesBehind(text[start..]) : CharClass.None;
        if (!Continues(text, char.IsLowSurrogate(text[same]) ? same - 1 : same, _classes))
        {
            _classes = CharClass.None;
        }
    }

    private void Start(ReadOnlySpan<char> text)
    {
        _length = 0;
        _endsBefore.Clear();
        int shortest = Math.Max(MaxTail, counter.PlainLength);
        int start = -1;
        int end = 0;
        int pieces = 0;
        long before = 0;
        for (long count = 0; end < text.Length;)
        {
            int next = PieceScanner.FindEnd(new Utf16Text(text), end, counter.Rules);
            if (next - end > shortest)
            {
                (start, pieces, before) = (end, _endsBefore.Count, count);
            }

            _endsBefore.Add(next);
            count += next == text.Length ? 0 : counter.CountPiece(text[end..next]);
            end = next;
        }

        if (start < 0)
        {
            return;
        }

        end = _endsBefore[pieces];
        _endsBefore.RemoveRange(pieces, _endsBefore.Count - pieces);
        KnowClasses(text, start, end);
        ReadOnlySpan<char> piece = text[start..end];
        int length = TextUnits.Utf8Length(piece);
        using var bytes = new NativeArray<byte>(length);
        Utf8.FromUtf16(piece, new Span<byte>(bytes.Pointer, length), out _, out _);
        for (int i = 0; i < length; i++)
        {
            if (!counter.HasToken(bytes.Pointer[i]))
            {
                return;
            }
        }

        using var tokens = new NativeArray<uint>(length);
        using var starts = new NativeArray<int>(length + 1L);
        int found = counter.Boundaries(bytes.Pointer, length, tokens.Pointer, starts.Pointer);
        Settle(bytes.Pointer, length, tokens.Pointer, starts.Pointer, found, start, before, LengthOfWhole(text));
    }

    /// <summary>Finds the pieces of the longer text; those before the long one must be what they were, and that one still reach beyond the place.</summary>
    private bool TryFindAgain(ReadOnlySpan<char> text, out long count)
    {
        count = 0;
        int start = 0;
        foreach (int expected in CollectionsMarshal.AsSpan(_endsBefore))
        {
            if (PieceScanner.FindEnd(new Utf16Text(text), start, counter.Rules) != expected)
            {
                return false;
            }

            start = expected;
        }

        int end = PieceScanner.FindEnd(new Utf16Text(text), start, counter.Rules);
        if (end <= _place || end - start <= counter.PlainLength || !TryExtend(text, end, out count))
        {
            return false;
        }

        KnowClasses(text, start, end);
        while (end < text.Length)
        {
            start = end;
            end = PieceScanner.FindEnd(new Utf16Text(text), start, counter.Rules);
            if (end - start > MaxTail)
            {
                return false;
            }

            count += counter.CountPiece(text[start..end]);
        }

        return true;
    }

    private bool TryExtend(ReadOnlySpan<char> text, int end, out long count)
    {
        const int room = 2 * MaxTail;
        ReadOnlySpan<char> tail = text[_place..end];
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
