using System.Buffers;

namespace Ensemble;

/// <summary>Walks over the sensitive data in a text; see <see cref="SensitiveDataScanner.EnumerateMatches"/>.</summary>
public ref struct SensitiveDataEnumerator
{
    private static readonly SearchValues<char> Anchors = SearchValues.Create("0123456789@_-JKSz");

    private readonly ReadOnlySpan<char> _text;
    private int _position;

    internal SensitiveDataEnumerator(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Gets the current place.</summary>
    public SensitiveMatch Current { get; private set; }

    /// <summary>Returns this enumerator.</summary>
    /// <returns>A copy of it.</returns>
    public readonly SensitiveDataEnumerator GetEnumerator() => this;

    /// <summary>Moves to the next place.</summary>
    /// <returns><see langword="false"/> when there is none left.</returns>
    public bool MoveNext()
    {
        ReadOnlySpan<char> text = _text;
        int floor = _position;
        int at = floor;
        while (true)
        {
            int step = text[at..].IndexOfAny(Anchors);
            if (step < 0)
            {
                _position = text.Length;
                return false;
            }

            at += step;
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
                Current = new SensitiveMatch(kind, start, end - start);
                _position = end;
                return true;
            }
        }
    }
}
