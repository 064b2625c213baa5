using Microsoft.ML.Tokenizers;

namespace Ensemble.Onnx;

/// <summary>The ids of an XLM-RoBERTa model: SentencePiece Unigram behind four marks of its own.</summary>
internal sealed class SentencePieces : ITextPieces
{
    internal const int BeginId = 0;
    internal const int PaddingId = 1;
    internal const int EndId = 2;
    internal const int UnknownId = 3;

    // No piece of the vocabulary is longer than 16 characters, but normalisation drops white space; text beyond this many
    // characters a token is not looked at, so that a huge input costs no more than a long one.
    private const int MaxCharactersPerToken = 64;

    private static readonly string[] OwnHead = ["<s>", "<pad>", "</s>", "<unk>"];

    private static readonly string[] PublishedHead = ["<unk>", "<s>", "</s>"];

    private readonly SentencePieceTokenizer _pieces;

    private readonly bool _isShifted;

    private SentencePieces(SentencePieceTokenizer pieces, bool isShifted)
    {
        _pieces = pieces;
        _isShifted = isShifted;
    }

    /// <summary>Reads a SentencePiece file of XLM-RoBERTa's. The published one lacks <c>&lt;pad&gt;</c>, so that all but its first three ids are one less than the model's; the shipped one has the model's own.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isXlmRoberta">Whether the folder says that its tokenizer is XLM-RoBERTa's: other models shift the same file's ids otherwise.</param>
    /// <exception cref="ModelLoadException">The file is not such a model.</exception>
    internal static SentencePieces Load(string path, bool isXlmRoberta)
    {
        try
        {
            string[] head = ReadHead(path);
            bool isShifted = head.AsSpan().StartsWith(PublishedHead);
            if (!isShifted && !head.AsSpan().SequenceEqual(OwnHead))
            {
                throw new ModelLoadException($"'{path}' begins with the pieces {string.Join(" ", head)}, which is no vocabulary of XLM-RoBERTa's ({string.Join(" ", PublishedHead)}): use a model with that tokenizer, or with WordPiece or byte-level BPE.") { Path = path };
            }

            if (isShifted && !isXlmRoberta)
            {
                throw new ModelLoadException(
                    $"'{path}' has the published layout, whose ids each family shifts in its own way, and no file says that this is XLM-RoBERTa: if it is, write \"tokenizer_class\": \"XLMRobertaTokenizer\" into tokenizer_config.json.")
                { Path = path };
            }

            using FileStream stream = File.OpenRead(path);
            return new SentencePieces(SentencePieceTokenizer.Create(stream, addBeginningOfSentence: false, addEndOfSentence: false), isShifted);
        }
        catch (Exception e) when (e is not (OutOfMemoryException or ModelLoadException))
        {
            throw new ModelLoadException($"'{path}' is not a SentencePiece model: {e.Message} Copy the file again from the model's package.", e) { Path = path };
        }
    }

    public int[] Encode(string text, int maxPieces)
    {
        ReadOnlySpan<char> seen = text.AsSpan(0, (int)Math.Min(text.Length, (long)maxPieces * MaxCharactersPerToken));
        if (seen.Length > 0 && char.IsHighSurrogate(seen[^1]))
        {
            seen = seen[..^1];
        }

        IReadOnlyList<int> pieces = _pieces.EncodeToIds(seen, addBeginningOfSentence: false, addEndOfSentence: false);
        int[] ids = new int[pieces.Count];
        int count = 0;
        foreach (int piece in pieces)
        {
            int id = !_isShifted ? piece : piece == 0 ? UnknownId : piece + 1;

            // The model saw one unknown for a run of them.
            if (id != UnknownId || count == 0 || ids[count - 1] != UnknownId)
            {
                ids[count++] = id;
            }
        }

        return ids[..count];
    }

    public int? FindId(string token) => Array.IndexOf(OwnHead, token) is >= 0 and int id ? id : null;

    // The first pieces of the file, as sentencepiece_model.proto has them: field 1 of the model, field 1 of which is the piece's text.
    private static string[] ReadHead(string path)
    {
        using FileStream file = File.OpenRead(path);
        return [.. ProtobufField.ReadAll(file, 0, file.Length).Where(field => field.Number == 1).Take(OwnHead.Length)
            .Select(piece => System.Text.Encoding.UTF8.GetString(piece.ReadAll(file).First(field => field.Number == 1).Read(file)))];
    }
}
