using System.Text;
using Ensemble.Tokenization.Counting;
using Ensemble.Tokenization.Merging;

namespace Ensemble.Tokenization;

public sealed partial class TokenEncoding
{
    /// <summary>The token ids of a text, in order; their number is <see cref="Count(ReadOnlySpan{char})"/>.</summary>
    /// <param name="text">The text, in UTF-16.</param>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var ids = new int[Count(text)];
        TryEncode(text, ids, out _);
        return ids;
    }

    /// <summary>The token ids of a text, in order; their number is <see cref="Count(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="utf8">The text, in UTF-8.</param>
    public int[] Encode(ReadOnlySpan<byte> utf8)
    {
        var ids = new int[Count(utf8)];
        TryEncode(utf8, ids, out _);
        return ids;
    }

    /// <summary>Writes the token ids of a text, in order, without allocating.</summary>
    /// <param name="text">The text, in UTF-16.</param>
    /// <param name="destination">Takes the ids. A text never has more tokens than three times its UTF-16 units.</param>
    /// <param name="tokens">The number of tokens of the text, even when they do not fit.</param>
    /// <returns>Whether all ids fitted; if not, <paramref name="destination"/> holds the first ones.</returns>
    public bool TryEncode(ReadOnlySpan<char> text, Span<int> destination, out long tokens)
    {
        var sink = new TokenSink(destination);
        EncodeText(text, ref sink);
        tokens = sink.Count;
        return tokens <= destination.Length;
    }

    /// <summary>Writes the token ids of a text, in order, without allocating.</summary>
    /// <param name="utf8">The text, in UTF-8.</param>
    /// <param name="destination">Takes the ids. A valid text never has more tokens than bytes.</param>
    /// <param name="tokens">The number of tokens of the text, even when they do not fit.</param>
    /// <returns>Whether all ids fitted; if not, <paramref name="destination"/> holds the first ones.</returns>
    public bool TryEncode(ReadOnlySpan<byte> utf8, Span<int> destination, out long tokens)
    {
        var sink = new TokenSink(destination);
        EncodeText(utf8, ref sink);
        tokens = sink.Count;
        return tokens <= destination.Length;
    }

    /// <summary>The text of a sequence of token ids; bytes that are not valid UTF-8 become U+FFFD.</summary>
    /// <param name="tokens">The token ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">No token has one of the ids.</exception>
    public string Decode(ReadOnlySpan<int> tokens)
    {
        var bytes = new byte[GetDecodedLength(tokens)];
        TryDecode(tokens, bytes, out int written);
        return Encoding.UTF8.GetString(bytes.AsSpan(0, written));
    }

    /// <summary>Writes the bytes of a sequence of token ids, which are those of the text that was encoded.</summary>
    /// <param name="tokens">The token ids.</param>
    /// <param name="destination">Takes the bytes.</param>
    /// <param name="bytesWritten">The number of bytes written, 0 when they do not all fit.</param>
    /// <returns>Whether all bytes fitted.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No token has one of the ids.</exception>
    public bool TryDecode(ReadOnlySpan<int> tokens, Span<byte> destination, out int bytesWritten)
    {
        bytesWritten = 0;
        int end = 0;
        foreach (int token in tokens)
        {
            if (!BytesOf(token).TryCopyTo(destination[end..]))
            {
                return false;
            }

            end += BytesOf(token).Length;
        }

        bytesWritten = end;
        return true;
    }

    /// <summary>The number of bytes that a sequence of token ids decodes to.</summary>
    /// <param name="tokens">The token ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">No token has one of the ids.</exception>
    public int GetDecodedLength(ReadOnlySpan<int> tokens)
    {
        int length = 0;
        foreach (int token in tokens)
        {
            length = checked(length + BytesOf(token).Length);
        }

        return length;
    }

    private ReadOnlySpan<byte> BytesOf(int token) =>
        TryGetBytes(token, out ReadOnlySpan<byte> bytes)
            ? bytes
            : throw new ArgumentOutOfRangeException(nameof(token), token, $"The vocabulary {Name} has no token of this id.");
}
