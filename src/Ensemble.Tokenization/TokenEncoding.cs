using Ensemble.Tokenization.Counting;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Normalizing;
using Ensemble.Tokenization.Special;
using Ensemble.Tokenization.Splitting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization;

/// <summary>
/// A byte-pair encoding of text: counts, ids and cuts that are exactly those of the vocabulary's own tokenizer.
/// </summary>
/// <remarks>
/// Instances are immutable, thread-safe and meant to be kept: each owns its tables and a bounded cache of pieces it has seen. Invalid UTF-16 and UTF-8
/// are never an error; they count as U+FFFD in their place would.
/// </remarks>
public sealed partial class TokenEncoding
{
    private static readonly Lazy<TokenEncoding> LazyO200kBase =
        new(() => new TokenEncoding("o200k_base", new BytePairVocabulary(EmbeddedVocabulary.Open(EmbeddedVocabulary.O200kBase)), SplitRules.O200k, SpecialTokenTable.O200kBase));

    private static readonly Lazy<TokenEncoding> LazyCl100kBase =
        new(() => new TokenEncoding("cl100k_base", new BytePairVocabulary(EmbeddedVocabulary.Open(EmbeddedVocabulary.Cl100kBase)), SplitRules.Cl100k, SpecialTokenTable.Cl100kBase));

    private static readonly Lazy<TokenEncoding> LazyO200kHarmony =
        new(() => new TokenEncoding("o200k_harmony", O200kBase._vocabulary, O200kBase._counter, SpecialTokenTable.O200kHarmony, normalizer: null));

    private readonly BytePairVocabulary _vocabulary;
    private readonly PieceCounter _counter;

    internal TokenEncoding(string name, BytePairVocabulary vocabulary, SplitRules rules, SpecialTokenTable special, TextNormalizer? normalizer = null)
        : this(name, vocabulary, new PieceCounter(vocabulary, rules), special, normalizer)
    {
    }

    private TokenEncoding(string name, BytePairVocabulary vocabulary, PieceCounter counter, SpecialTokenTable special, TextNormalizer? normalizer)
    {
        Name = name;
        _vocabulary = vocabulary;
        _counter = counter;
        _special = special;
        _normalizer = normalizer;
    }

    /// <summary>OpenAI's <c>o200k_base</c>: GPT-4o, GPT-4.1, GPT-5 and the o-series. Loaded when first used, without input or output.</summary>
    public static TokenEncoding O200kBase => LazyO200kBase.Value;

    /// <summary>OpenAI's <c>o200k_harmony</c>: the gpt-oss models. <see cref="O200kBase"/>, whose tables and cache it shares, with the special tokens of their chat format.</summary>
    public static TokenEncoding O200kHarmony => LazyO200kHarmony.Value;

    /// <summary>OpenAI's <c>cl100k_base</c>: GPT-4, GPT-3.5 Turbo and the text-embedding-3 models. Loaded when first used, without input or output.</summary>
    public static TokenEncoding Cl100kBase => LazyCl100kBase.Value;

    /// <summary>The name of the vocabulary, such as <c>o200k_base</c>.</summary>
    public string Name { get; }

    /// <summary>Counts the tokens of a text.</summary>
    /// <param name="text">The text, in UTF-16.</param>
    /// <returns>The number of tokens, 0 for an empty text.</returns>
    public long Count(ReadOnlySpan<char> text) => CountText(text, long.MaxValue);

    /// <summary>Counts the tokens of a text.</summary>
    /// <param name="utf8">The text, in UTF-8.</param>
    /// <returns>The number of tokens, 0 for an empty text.</returns>
    public long Count(ReadOnlySpan<byte> utf8) => CountText(utf8, long.MaxValue);

    /// <summary>
    /// Whether a text has at most so many tokens; counts no more of the text than it takes to know. (If a tokenizer file asks for normalization, all is looked
    /// at first.)
    /// </summary>
    /// <param name="text">The text, in UTF-16.</param>
    /// <param name="maxTokens">The limit in tokens, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is negative.</exception>
    public bool FitsWithin(ReadOnlySpan<char> text, long maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        return CountText(text, maxTokens) <= maxTokens;
    }

    /// <summary>
    /// Whether a text has at most so many tokens; counts no more of the text than it takes to know. (If a tokenizer file asks for normalization, all is looked
    /// at first.)
    /// </summary>
    /// <param name="utf8">The text, in UTF-8.</param>
    /// <param name="maxTokens">The limit in tokens, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is negative.</exception>
    public bool FitsWithin(ReadOnlySpan<byte> utf8, long maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        return CountText(utf8, maxTokens) <= maxTokens;
    }

    /// <summary>A counter for a text that arrives in parts.</summary>
    public TokenCounter CreateCounter() => new(_counter, _normalizer);

    /// <summary>A decoder for token ids that arrive one by one.</summary>
    public TokenDecoder CreateDecoder() => new(this);

    /// <summary>The same encoding that has seen no text.</summary>
    internal TokenEncoding WithEmptyCache() => new(Name, _vocabulary, _counter.Rules, _special, _normalizer);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
