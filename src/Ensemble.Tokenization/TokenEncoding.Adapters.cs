using Ensemble.Tokenization.Adapters;
using Ensemble.Tokenization.Merging;
using Microsoft.ML.Tokenizers;

namespace Ensemble.Tokenization;

public sealed partial class TokenEncoding
{
    /// <summary>This encoding as a <c>Microsoft.ML.Tokenizers.Tokenizer</c>, for code that takes one: the same ids, with the library's offsets.</summary>
    /// <remarks>Names of special tokens are text. Thread-safe, as the encoding is.</remarks>
    public Tokenizer AsTokenizer() => new EncodingTokenizer(this);

    internal bool TryGetBytes(int token, out ReadOnlySpan<byte> bytes) => _special.TryGetBytes(token, out bytes) || _vocabulary.Bytes.TryGet(token, out bytes);

    internal string? NormalizeIfNeeded(ReadOnlySpan<char> text) => _normalizer is null || _normalizer.IsNormalized(text) ? null : _normalizer.Normalize(text);

    internal long CountWithoutNormalizing(ReadOnlySpan<char> text) => _counter.Count(text, long.MaxValue);

    internal int[] EncodeWithoutNormalizing(ReadOnlySpan<char> text)
    {
        var ids = new int[CountWithoutNormalizing(text)];
        var sink = new TokenSink(ids);
        _counter.Encode(text, ref sink);
        return ids;
    }
}
