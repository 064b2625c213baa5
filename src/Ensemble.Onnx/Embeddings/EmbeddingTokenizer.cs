using System.Buffers;
using Microsoft.ML.Tokenizers;

namespace Ensemble.Onnx;

/// <summary>Turns text into the ids of an XLM-RoBERTa model (SentencePiece Unigram whose ids are the model's own).</summary>
internal sealed class EmbeddingTokenizer
{
    internal const int BeginId = 0;
    internal const int PaddingId = 1;
    internal const int EndId = 2;
    internal const int UnknownId = 3;

    // No piece of the vocabulary is longer than 16 characters, but normalisation drops white space; text beyond this many
    // characters a token is not looked at, so that a huge input costs no more than a long one.
    private const int MaxCharactersPerToken = 64;

    private readonly SentencePieceTokenizer _pieces;

    private EmbeddingTokenizer(SentencePieceTokenizer pieces) => _pieces = pieces;

    /// <summary>Reads <c>sentencepiece.model</c>.</summary>
    /// <exception cref="ModelLoadException">The file is missing or is not a SentencePiece model.</exception>
    internal static EmbeddingTokenizer Load(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return new EmbeddingTokenizer(SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new ModelLoadException($"'{path}' is not a SentencePiece model: {e.Message} Copy the file again from the model's package.", e) { Path = path };
        }
    }

    /// <summary>Gives begin + the pieces of <paramref name="prefix"/> and <paramref name="text"/> + end, at most <paramref name="maxTokens"/> ids.</summary>
    internal int[] Encode(string prefix, string text, int maxTokens)
    {
        ReadOnlySpan<char> seen = text.AsSpan(0, Math.Min(text.Length, maxTokens * MaxCharactersPerToken));
        if (seen.Length > 0 && char.IsHighSurrogate(seen[^1]))
        {
            seen = seen[..^1];
        }

        IReadOnlyList<int> pieces = _pieces.EncodeToIds(string.Concat(prefix, seen), addBeginningOfSentence: false, addEndOfSentence: false);
        int[] buffer = ArrayPool<int>.Shared.Rent(maxTokens);
        buffer[0] = BeginId;
        int count = 1;
        for (int i = 0; i < pieces.Count && count < maxTokens - 1; i++)
        {
            // The model saw one unknown for a run of them.
            if (pieces[i] != UnknownId || buffer[count - 1] != UnknownId)
            {
                buffer[count++] = pieces[i];
            }
        }

        buffer[count++] = EndId;
        int[] ids = buffer[..count];
        ArrayPool<int>.Shared.Return(buffer);
        return ids;
    }
}
