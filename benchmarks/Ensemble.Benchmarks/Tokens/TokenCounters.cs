using Ensemble.Tokenization;
using Microsoft.ML.Tokenizers;

namespace Ensemble.Benchmarks.Tokens;

/// <summary>The counters that are compared, each a fresh instance that has seen no text.</summary>
internal static class TokenCounters
{
    public static Func<CorpusFile, long> Ours(string encoding)
    {
        TokenEncoding counter = Shared(encoding).WithEmptyCache();
        return file => counter.Count(file.Utf16);
    }

    public static Func<CorpusFile, long> OursUtf8(string encoding)
    {
        TokenEncoding counter = Shared(encoding).WithEmptyCache();
        return file => counter.Count(file.Utf8);
    }

    public static Func<CorpusFile, long> OursEncoding(string encoding)
    {
        TokenEncoding encoder = Shared(encoding).WithEmptyCache();
        int[] ids = [];
        return file =>
        {
            Array.Resize(ref ids, Math.Max(ids.Length, file.Utf8.Length));
            encoder.TryEncode(file.Utf16, ids, out long tokens);
            return tokens;
        };
    }

    public static Func<CorpusFile, long> OursEncodingUtf8(string encoding)
    {
        TokenEncoding encoder = Shared(encoding).WithEmptyCache();
        int[] ids = [];
        return file =>
        {
            Array.Resize(ref ids, Math.Max(ids.Length, file.Utf8.Length));
            encoder.TryEncode(file.Utf8, ids, out long tokens);
            return tokens;
        };
    }

    public static Func<CorpusFile, long> Rival(string encoding)
    {
        TiktokenTokenizer counter = TiktokenTokenizer.CreateForEncoding(encoding);
        return file => counter.CountTokens(file.Utf16);
    }

    public static TokenEncoding Shared(string encoding) => encoding switch
    {
        "o200k_base" => TokenEncoding.O200kBase,
        "cl100k_base" => TokenEncoding.Cl100kBase,
        _ => throw new ArgumentException($"'{encoding}' is neither o200k_base nor cl100k_base.", nameof(encoding)),
    };
}
