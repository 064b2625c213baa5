using System.Text;
using System.Text.Unicode;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Counts the open end of a text that grows by characters of one kind, each time in constant time: a model that has got stuck writes such.</summary>
/// <remarks>
/// Characters of one kind behind sixteen of it only make the last piece longer. Its first tokens up to a place stay those of that part, so what follows
/// the place is encoded anew; if the two may not stand side by side, all is counted again.
/// </remarks>
internal sealed unsafe class OpenRun(PieceCounter counter)
{
    /// <summary>The units from which this pays.</summary>
    public const int MinLength = 2048;

    private const int SameBefore = 16;
    private const int MaxTail = 384;
    private const int Kept = 64;

    private CharClass _class;
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

    private bool Continues(ReadOnlySpan<char> text)
    {
        for (int i = _length; i < text.Length; i++)
        {
            if (KindOf(text[i]) != _class)
            {
                return false;
            }
        }

        return true;
    }

    // Marks and digits group by more than their own class, an apostrophe asks for what follows it, and half a pair is no character. Letters go on with
    // letters of any kind; where case splits words, small letters and those without case go on with each other.
    private CharClass KindOf(char unit)
    {
        CharClass c = CharClasses.OfUnit(unit);
        if ((c & (CharClass.Mark | CharClass.Number)) != 0 || unit == '\'' || char.IsSurrogate(unit))
        {
            return CharClass.None;
        }

        CharClass alike = counter.Rules.SplitsAtCase ? CharClass.Lower | CharClass.Caseless : CharClass.Letter;
        return (c & alike) != 0 ? alike : c;
    }

    private void Start(ReadOnlySpan<char> text)
    {
        _length = 0;
        _class = KindOf(text[^1]);
        int same = 0;
        while (same < text.Length && KindOf(text[^(same + 1)]) == _class)
        {
            same++;
        }

        if (_class == CharClass.None || same < SameBefore)
        {
            return;
        }

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

        if (text.Length - start < same || text.Length - start <= Math.Max(MaxTail, counter.PlainLength))
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
            Settle(piece, bytes.Length, firstToken, firstStart, count, start, before, text.Length);
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
            Settle(bytes, length, tokens, starts, added, _place, _countBefore, text.Length);
        }

        _length = text.Length;
        return true;
    }

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
