using System.Collections.Frozen;
using System.Text;

namespace Ensemble.Tokenization.Special;

/// <summary>The tokens of an encoding that no text merges into. Immutable and thread-safe.</summary>
internal sealed class SpecialTokenTable
{
    // Not before somebody asks: counting text as text never does, and these collections cost a new process more than the rest of its first count.
    private readonly Lazy<Contents> _contents;

    /// <param name="tokens">The tokens with names.</param>
    /// <param name="foreign">The bytes and ids of tokens that can only be decoded.</param>
    public SpecialTokenTable(IEnumerable<SpecialToken> tokens, IReadOnlyList<KeyValuePair<byte[], int>> foreign) =>
        _contents = new(() => Read(tokens, foreign));

    /// <summary>OpenAI's <c>o200k_base</c>.</summary>
    public static SpecialTokenTable O200kBase { get; } = new([SpecialToken.Of("<|endoftext|>", 199999), SpecialToken.Of("<|endofprompt|>", 200018)], []);

    /// <summary>OpenAI's <c>o200k_harmony</c> (tiktoken 0.14, <c>openai_public</c>).</summary>
    public static SpecialTokenTable O200kHarmony { get; } = new(HarmonyTokens(), []);

    /// <summary>OpenAI's <c>cl100k_base</c>.</summary>
    public static SpecialTokenTable Cl100kBase { get; } = new(
        [
            SpecialToken.Of("<|endoftext|>", 100257), SpecialToken.Of("<|fim_prefix|>", 100258), SpecialToken.Of("<|fim_middle|>", 100259),
            SpecialToken.Of("<|fim_suffix|>", 100260), SpecialToken.Of("<|endofprompt|>", 100276),
        ],
        []);

    /// <summary>The ids by name.</summary>
    public IReadOnlyDictionary<string, int> Ids => _contents.Value.Ids;

    /// <summary>Names that are looked for in the text as it is.</summary>
    public SpecialMatcher InRawText => _contents.Value.InRawText;

    /// <summary>Names that are looked for in the normalized text between the others.</summary>
    public SpecialMatcher InNormalizedText => _contents.Value.InNormalizedText;

    /// <summary>The bytes that the token of an id decodes to.</summary>
    public bool TryGetBytes(int id, out ReadOnlySpan<byte> bytes)
    {
        bool found = _contents.Value.Bytes.TryGetValue(id, out byte[]? spelled);
        bytes = spelled;
        return found;
    }

    private static IEnumerable<SpecialToken> HarmonyTokens()
    {
        const int first = 199998;
        const int last = 201087;
        for (int id = first; id <= last; id++)
        {
            string name = id switch
            {
                199998 => "startoftext",
                199999 => "endoftext",
                200002 => "return",
                200003 => "constrain",
                200005 => "channel",
                200006 => "start",
                200007 => "end",
                200008 => "message",
                200012 => "call",
                200018 => "endofprompt",
                _ => $"reserved_{id}",
            };
            yield return SpecialToken.Of($"<|{name}|>", id);
        }
    }

    private static Contents Read(IEnumerable<SpecialToken> named, IReadOnlyList<KeyValuePair<byte[], int>> foreign)
    {
        SpecialToken[] tokens = [.. named];
        var bytes = foreign.ToDictionary(token => token.Value, token => token.Key);
        var ids = new Dictionary<string, int>();
        foreach (SpecialToken token in tokens)
        {
            bytes[token.Id] = Encoding.UTF8.GetBytes(token.Content);
            ids[token.Content] = token.Id;
        }

        return new Contents(
            bytes.ToFrozenDictionary(),
            ids.AsReadOnly(),
            new SpecialMatcher(tokens.Where(token => !token.IsNormalized)),
            new SpecialMatcher(tokens.Where(token => token.IsNormalized)));
    }

    private sealed record Contents(
        FrozenDictionary<int, byte[]> Bytes,
        IReadOnlyDictionary<string, int> Ids,
        SpecialMatcher InRawText,
        SpecialMatcher InNormalizedText);
}
