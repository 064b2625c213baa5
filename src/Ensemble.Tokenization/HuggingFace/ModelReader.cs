using System.Text;
using System.Text.Json;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.HuggingFace;

/// <summary>Reads the section <c>model</c>: the vocabulary and its merge rules.</summary>
internal sealed class ModelReader(FileNode model)
{
    private const char SentencePieceSpace = '\u2581';
    private const int ByteCount = 256;

    private readonly List<KeyValuePair<byte[], int>> _foreign = [];

    /// <summary>Tokens that are not written in the byte alphabet: no text merges into them, but they can be decoded.</summary>
    public IReadOnlyList<KeyValuePair<byte[], int>> Foreign => _foreign;

    /// <summary>Refuses models that are not byte-level BPE.</summary>
    public void CheckSupported()
    {
        if (model.IsNull)
        {
            throw model.Error("is missing. The file is no tokenizer.json: fetch it again.");
        }

        if ((model["type"].TextOrNull() ?? "BPE") is not "BPE" and var type)
        {
            throw model["type"].Error($"'{type}' is not supported, only byte-level BPE is. Count with the model's own tokenizer.");
        }

        if (model["byte_fallback"].Flag(missing: false))
        {
            throw model["byte_fallback"].Error("a vocabulary that falls back to bytes (SentencePiece) is not supported, only byte-level BPE is. Count with the model's own tokenizer.");
        }

        RefuseText("continuing_subword_prefix");
        RefuseText("end_of_word_suffix");
        if (!model["dropout"].IsNull)
        {
            throw model["dropout"].Error("a tokenizer that drops merges at random has no exact count. Set it to null.");
        }
    }

    /// <summary>Reads the tokens and the rules.</summary>
    public BytePairVocabulary ReadVocabulary()
    {
        FileNode vocab = model["vocab"];
        var ids = new Dictionary<string, int>();
        var tokens = new List<KeyValuePair<byte[], int>>();
        var taken = new HashSet<int>();
        foreach (JsonProperty entry in vocab.Entries())
        {
            string name = vocab.NameOf(entry);
            int id = vocab.IdOf(entry.Value);
            if (!ids.TryAdd(name, id) || !taken.Add(id))
            {
                throw vocab.Error($"'{name}' or its id {id} stands there twice. The file is damaged: fetch it again.");
            }

            if (name.Length > 0 && ByteAlphabet.TryDecode(name, out byte[] bytes))
            {
                tokens.Add(new(bytes, id));
            }
            else
            {
                _foreign.Add(new(Encoding.UTF8.GetBytes(name), id));
            }
        }

        CheckBytes(vocab, ids, tokens);
        try
        {
            return new BytePairVocabulary(VocabularyBuilder.FromRules(tokens, [.. ReadRules(ids)], model["ignore_merges"].Flag(missing: false)));
        }
        catch (Exception error) when (error is NotSupportedException or OverflowException)
        {
            throw new TokenizerFileException(model.File, model["merges"].Path, $"{error.Message} Count with the model's own tokenizer.", error);
        }
    }

    private void CheckBytes(FileNode vocab, Dictionary<string, int> ids, List<KeyValuePair<byte[], int>> tokens)
    {
        int bytes = tokens.Count(token => token.Key.Length == 1);
        if (bytes == 0 || (bytes < ByteCount / 2 && ids.ContainsKey(SentencePieceSpace.ToString())))
        {
            throw vocab.Error($"is not byte-level (SentencePiece's '{SentencePieceSpace}' or no single bytes). Count with the model's own tokenizer.");
        }

        if (bytes < ByteCount && model["unk_token"].TextOrNull() is { } unknown)
        {
            throw model["unk_token"].Error($"{ByteCount - bytes} bytes have no token and would become '{unknown}', which is not supported. Count with the model's own tokenizer.");
        }
    }

    private IEnumerable<(int Left, int Right, int Result)> ReadRules(Dictionary<string, int> ids)
    {
        foreach (FileNode merge in model["merges"].Elements())
        {
            (string left, string right) = PartsOf(merge);
            yield return (Find(left), Find(right), Find(left + right));

            int Find(string token) => ids.TryGetValue(token, out int id)
                ? id
                : throw merge.Error($"'{left} {right}' names '{token}', which is not in model.vocab. The file is damaged: fetch it again.");
        }
    }

    // Older files write "a b", newer ones ["a", "b"].
    private static (string Left, string Right) PartsOf(FileNode merge)
    {
        string[] parts = merge.IsArray ? [.. merge.Elements().Select(part => part.Text())] : merge.Text().Split(' ');
        return parts is [{ Length: > 0 } left, { Length: > 0 } right]
            ? (left, right)
            : throw merge.Error("a merge must name two tokens. The file is damaged: fetch it again.");
    }

    private void RefuseText(string key)
    {
        if (!string.IsNullOrEmpty(model[key].TextOrNull()))
        {
            throw model[key].Error("is not supported, only byte-level BPE is. Count with the model's own tokenizer.");
        }
    }
}
