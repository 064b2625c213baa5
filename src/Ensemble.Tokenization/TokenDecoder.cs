using System.Text;

namespace Ensemble.Tokenization;

/// <summary>Turns token ids that arrive one by one into text, whole characters only: what the parts make together is what the ids decode to at once.</summary>
/// <remarks>Not thread-safe: one stream of tokens, one decoder.</remarks>
public sealed class TokenDecoder
{
    private readonly TokenEncoding _encoding;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    internal TokenDecoder(TokenEncoding encoding) => _encoding = encoding;

    /// <summary>Takes the next token.</summary>
    /// <param name="token">The token's id.</param>
    /// <returns>The text that is complete with it, often empty in scripts whose characters take several tokens; invalid bytes become U+FFFD.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No token has the id.</exception>
    public string Append(int token) => Append([token]);

    /// <summary>Takes the next tokens.</summary>
    /// <param name="tokens">The tokens' ids.</param>
    /// <returns>The text that is complete with them; invalid bytes become U+FFFD.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No token has one of the ids; none is taken then.</exception>
    public string Append(ReadOnlySpan<int> tokens)
    {
        var bytes = new byte[_encoding.GetDecodedLength(tokens)];
        _encoding.TryDecode(tokens, bytes, out _);
        return Convert(bytes, flush: false);
    }

    /// <summary>Ends the text and starts over: U+FFFD when a character is incomplete, else nothing.</summary>
    public string Finish() => Convert([], flush: true);

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        var text = new char[_decoder.GetCharCount(bytes, flush)];
        int length = _decoder.GetChars(bytes, text, flush);
        return new string(text, 0, length);
    }
}
