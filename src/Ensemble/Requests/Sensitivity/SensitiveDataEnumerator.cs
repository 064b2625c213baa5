using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ensemble;

/// <summary>Walks over the sensitive data in a text; see <see cref="SensitiveDataScanner.EnumerateMatches"/>.</summary>
public ref struct SensitiveDataEnumerator
{
    private static readonly SearchValues<char> Anchors = SearchValues.Create("0123456789@_-=JKSz");

    // The same set as bits, below and from '@' on.
    private const ulong LowAnchors = (0x3FFUL << '0') | (1UL << '-') | (1UL << '=');
    private const ulong HighAnchors = 1UL | (1UL << ('_' - '@')) | (1UL << ('J' - '@')) | (1UL << ('K' - '@')) | (1UL << ('S' - '@')) | (1UL << ('z' - '@'));

    // To start the vectorised search costs as much as to look at this many characters.
    private const int Near = 8;

    // To search many at once costs as much as to look at this many anchors, one of them a number.
    private const int Close = 3;

    private const int Many = 5;

    private const int Pause = 32;

    private readonly ReadOnlySpan<char> _text;
    private int _position;

    // What comes next of each; a place behind the position stays known, so that nothing is looked for twice.
    private SensitiveData _kind;
    private int _start = -1;
    private int _end;
    private int _namedStart = -1;
    private int _namedEnd;
    private NamedPlace _named = new() { Name = -1 };

    // The places that the last search found, from its first character on.
    private ulong _stops;
    private int _searched = -ScanStops.Covered;

    // How many anchors followed each other closely.
    private int _close;

    // Where the characters of a folded text stood; null when the text is as it was.
    private readonly int[]? _origins;

    // Whether each anchor is looked at, as on machines without the instructions.
    private readonly bool _isPlain;

    internal SensitiveDataEnumerator(ReadOnlySpan<char> text, bool isPlain = false)
    {
        _text = FoldedText.Needs(text) ? FoldedText.Fold(text, out _origins) : text;
        _isPlain = isPlain || !ScanStops.IsSupported;
    }

    /// <summary>Gets the current place.</summary>
    public SensitiveMatch Current { get; private set; }

    /// <summary>Returns this enumerator.</summary>
    /// <returns>A copy of it.</returns>
    public readonly SensitiveDataEnumerator GetEnumerator() => this;

    /// <summary>Moves to the next place.</summary>
    /// <returns><see langword="false"/> when there is none left.</returns>
    public bool MoveNext()
    {
        if (_start < _position)
        {
            FindPattern();
        }

        if (_namedStart < _position)
        {
            NamedSecret.Find(_text, _position, ref _named, out _namedStart, out _namedEnd);
        }

        bool named = _namedStart < _start;
        int start = named ? _namedStart : _start;
        if (start >= _text.Length)
        {
            _position = _text.Length;
            return false;
        }

        int end = named ? _namedEnd : _end;
        int first = _origins is null ? start : _origins[start];
        int last = _origins is null ? end : _origins[end - 1] + 1;
        Current = new SensitiveMatch(named ? SensitiveData.Secret : _kind, first, last - first);
        _position = end;
        return true;
    }

    private void FindPattern()
    {
        ReadOnlySpan<char> text = _text;
        int floor = _position;
        int at = floor;
        if (floor < _searched)
        {
            // A named secret ended before what had been found; the search begins anew.
            _searched = floor - ScanStops.Covered;
        }

        while (true)
        {
            at = NextStop(text, at, floor);
            if (at >= text.Length)
            {
                _start = text.Length;
                return;
            }

            if (!MayMatch(text, at, floor))
            {
                at++;
                continue;
            }

            SensitiveData kind;
            int start;
            int end;
            switch (text[at])
            {
                case '@':
                    kind = EmailPattern.TryMatch(text, at, floor, out start, out end) ? SensitiveData.Email : SensitiveData.None;
                    at++;
                    break;
                case >= '0' and <= '9':
                    kind = NumberPatterns.Match(text, at, floor, out start, out end, out at);
                    break;
                default:
                    kind = SecretPatterns.TryMatch(text, at, floor, out start, out end, out at) ? SensitiveData.Secret : SensitiveData.None;
                    break;
            }

            if (kind != SensitiveData.None)
            {
                (_kind, _start, _end) = (kind, start, end);
                return;
            }
        }
    }

    /// <summary>Finds the next place where something may begin; the length of the text when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int NextStop(ReadOnlySpan<char> text, int at, int floor)
    {
        // Behind a match digits begin anew, also in the middle of a run, which the search does not know.
        if (at <= floor + 1 && (IsDigit(text, at) || (at == floor && IsDigit(text, at + 1))))
        {
            return at;
        }

        int place = at - _searched;
        return place < ScanStops.Covered && _stops >> place is not 0 and var stops
            ? at + BitOperations.TrailingZeroCount(stops)
            : SearchStop(text, Math.Max(at, _searched + ScanStops.Covered));
    }

    private static bool IsDigit(ReadOnlySpan<char> text, int at) => at < text.Length && char.IsAsciiDigit(text[at]);

    // Anchor by anchor where they are few, as in prose; many at once where they follow each other closely.
    private int SearchStop(ReadOnlySpan<char> text, int at)
    {
        while (true)
        {
            int anchor = NextAnchor(text, at);
            _close = anchor - at < Near ? _close + 1 : 0;
            if (_close < Close || _isPlain || anchor < ScanStops.Before || anchor > text.Length - ScanStops.Needed)
            {
                return anchor;
            }

            _searched = anchor;
            _stops = ScanStops.Find(text, anchor);
            if (_stops != 0)
            {
                // Where nearly all anchors remain, the search is left for a while.
                _close = BitOperations.PopCount(_stops) > Many ? -Pause : _close;
                return anchor + BitOperations.TrailingZeroCount(_stops);
            }

            at = anchor + ScanStops.Covered;
        }
    }

    private static int FarAnchor(ReadOnlySpan<char> text, int from)
    {
        int step = text[from..].IndexOfAny(Anchors);
        return step < 0 ? text.Length : from + step;
    }

    /// <summary>Looks at the next few characters one by one first, because to start the search costs as much.</summary>
    private static int NextAnchor(ReadOnlySpan<char> text, int from)
    {
        int near = Math.Min(text.Length, from + Near);
        for (int at = from; at < near; at++)
        {
            int c = text[at];
            if (c < 128 && (((c < '@' ? LowAnchors : HighAnchors) >> (c & 63)) & 1) != 0)
            {
                return at;
            }
        }

        return FarAnchor(text, near);
    }

    /// <summary>Looks at the neighbours of an anchor: nearly all of them belong to nothing, and that shows there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayMatch(ReadOnlySpan<char> text, int at, int floor)
    {
        char anchor = text[at];
        char after = at + 1 < text.Length ? text[at + 1] : '\0';
        if ((uint)(anchor - '0') <= 9)
        {
            return CharacterClass.Is(after, CharacterClass.BehindDigit) || after == '\u00A0';
        }

        char before = at > floor ? text[at - 1] : '\0';
        return anchor switch
        {
            '-' => after == '-' || CharacterClass.Is(before, CharacterClass.BeforeHyphen),
            '@' => before > ' ' && after > ' ' && after is not ('@' or '.' or '-'),
            '_' => before is 'p' or 'o' or 'u' or 's' or 'r' or 'b' or 'm' or 'k' or 'f' or 't' or 'c',
            '=' => before is 'y' or 'Y' or 'd' or 'D' or 'g' or ' ',
            'J' => before == 'y',
            'K' => before == 'A' && after == 'I',
            'S' => after == 'G' || (before == 'A' && after == 'I'),
            _ => before == 'I' && after == 'a',
        };
    }
}
