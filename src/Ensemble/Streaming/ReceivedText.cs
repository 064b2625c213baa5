using System.Buffers;

namespace Ensemble;

/// <summary>The text of one stream, kept in a pooled array in case the provider reports no usage and it has to be counted. One thread at a time.</summary>
internal sealed class ReceivedText : IDisposable
{
    private const int First = 256;

    private char[] _text = [];
    private int _length;

    public bool IsEmpty => _length == 0;

    public void Append(ReadOnlySpan<char> text)
    {
        if (text.Length > _text.Length - _length)
        {
            char[] larger = ArrayPool<char>.Shared.Rent(Math.Max(First, Math.Max(_length * 2, _length + text.Length)));
            _text.AsSpan(0, _length).CopyTo(larger);
            Return();
            _text = larger;
        }

        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
    }

    public override string ToString() => new(_text, 0, _length);

    public void Dispose()
    {
        Return();
        (_text, _length) = ([], 0);
    }

    private void Return()
    {
        if (_text.Length > 0)
        {
            // Cleared: an answer must not be found in somebody else's array.
            _text.AsSpan(0, _length).Clear();
            ArrayPool<char>.Shared.Return(_text);
        }
    }
}
