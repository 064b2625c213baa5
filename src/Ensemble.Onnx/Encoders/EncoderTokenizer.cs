using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>Turns texts and pairs into what an encoder reads.</summary>
internal sealed class EncoderTokenizer
{
    private const int ShippedLimit = 512;

    private const string SentenceFile = "sentence_bert_config.json";

    // Their positions begin behind the id of the padding.
    private static readonly string[] RobertaTypes = ["roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet"];

    private static readonly string[] BertTypes = ["bert", "distilbert", "electra", "nomic_bert"];

    private readonly ITextPieces _pieces;

    private readonly InputTemplate _template;

    private EncoderTokenizer(ITextPieces pieces, InputTemplate template, int paddingId, int? limit)
    {
        _pieces = pieces;
        _template = template;
        PaddingId = paddingId;
        Limit = limit;
    }

    /// <summary>The id that fills the shorter rows of a batch.</summary>
    internal int PaddingId { get; }

    /// <summary>The most tokens that the model reads, marks included; <see langword="null"/> when no file says it.</summary>
    internal int? Limit { get; }

    /// <summary>Whether the model has a layout for two texts.</summary>
    internal bool ReadsPairs => _template.HasPair;

    /// <summary>The least limit that leaves room for a token of each text.</summary>
    internal int LeastTokens(bool pairs) => _template.CountMarks(pairs) + (pairs ? 2 : 1);

    /// <summary>Loads the tokenizer of a folder.</summary>
    /// <exception cref="ModelLoadException">A file says what cannot be followed.</exception>
    internal static EncoderTokenizer Load(EncoderFolder folder)
    {
        if (folder.PiecesPath is { } pieces)
        {
            RefuseLowerCase(folder);
            return new EncoderTokenizer(SentencePieces.Load(pieces, IsXlmRoberta(folder)), InputTemplate.Roberta(SentencePieces.BeginId, SentencePieces.EndId), SentencePieces.PaddingId, FindLimit(folder, SentencePieces.PaddingId));
        }

        (ITextPieces read, InputTemplate template, string path) = folder.TokenizerPath is { } json ? ReadJson(json, folder) : ReadVocabulary(folder.VocabularyPath!, folder);
        if (read is not WordPieces { Lowers: true })
        {
            RefuseLowerCase(folder);
        }

        int padding = FindPadding(folder, read, path);
        return new EncoderTokenizer(read, template, padding, FindLimit(folder, padding));
    }

    /// <summary>Gives what the model reads for one text, at most <paramref name="maxTokens"/> ids.</summary>
    internal EncoderInput Encode(string text, int maxTokens) => _template.Apply(_pieces.Encode(text, maxTokens), maxTokens);

    /// <summary>Gives the ids of a text without marks, for <see cref="Pair"/>.</summary>
    internal int[] EncodePart(string text, int maxTokens) => _pieces.Encode(text, maxTokens);

    /// <summary>Gives what the model reads for a pair of texts, at most <paramref name="maxTokens"/> ids.</summary>
    internal EncoderInput Pair(int[] first, int[] second, int maxTokens) => _template.Apply(first, second, maxTokens);

    // Sentence Transformers may lower the case of a text before the tokenizer sees it.
    private static void RefuseLowerCase(EncoderFolder folder)
    {
        if (folder.ReadJson(SentenceFile) is { } file && file.Flag("do_lower_case") is true)
        {
            throw file.Error("do_lower_case", "true", "a tokenizer that keeps case is there, and text is not lowered before it; use a model whose own tokenizer does it");
        }
    }

    private static bool IsXlmRoberta(EncoderFolder folder) =>
        folder.ModelType is "xlm-roberta" || IsClass(folder.TokenizerConfig) || IsClass(folder.Config);

    private static bool IsClass(EncoderJson? file) => file?.Text("tokenizer_class") is "XLMRobertaTokenizer" or "XLMRobertaTokenizerFast";

    private static (ITextPieces Pieces, InputTemplate Template, string Path) ReadJson(string path, EncoderFolder folder)
    {
        EncoderJson file = EncoderJson.TryRead(path)!;
        JsonElement? model = file.Find("model");
        string? type = model is { } section && EncoderJson.Find(section, "type") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;
        return type switch
        {
            "WordPiece" => (WordPieceFiles.Read(file, folder), PostProcessor.Read(file), path),
            "BPE" => (BytePairPieces.Load(path), PostProcessor.Read(file), path),
            "Unigram" => throw file.Error("model.type", type, "put XLM-RoBERTa's sentencepiece.bpe.model beside it; other Unigram vocabularies are not supported"),
            _ => throw file.Error("model.type", type, "WordPiece, byte-level BPE and XLM-RoBERTa's SentencePiece are supported"),
        };
    }

    private static (ITextPieces Pieces, InputTemplate Template, string Path) ReadVocabulary(string path, EncoderFolder folder)
    {
        WordPieces pieces = WordPieceFiles.Read(path, folder);
        int begin = Id("cls_token", "[CLS]");
        int end = Id("sep_token", "[SEP]");
        return folder.ModelType is { } type && BertTypes.Contains(type) ? (pieces, InputTemplate.Bert(begin, end), path)
            : folder.ModelType is { } other && RobertaTypes.Contains(other) ? (pieces, InputTemplate.Roberta(begin, end), path)
            : throw new ModelLoadException(
                $"'{path}' is there without a tokenizer.json, and config.json has the model_type '{folder.ModelType}', so that nothing says which marks stand around a text: copy tokenizer.json from the model's folder.")
            { Path = path };

        int Id(string key, string usual) => SpecialNames.Find(folder, key) is var name && pieces.FindId(name ?? usual) is { } id ? id
            : throw new ModelLoadException($"'{path}' has no piece '{name ?? usual}', which is the {key}: copy the tokenizer's files again from the model's folder.") { Path = path };
    }

    private static int FindPadding(EncoderFolder folder, ITextPieces pieces, string path) =>
        folder.Config?.Number("pad_token_id") ?? (SpecialNames.Find(folder, "pad_token") is { } name ? pieces.FindId(name) : null) ?? pieces.FindId("[PAD]") ?? pieces.FindId("<pad>")
        ?? throw new ModelLoadException($"'{path}' has no token for padding, and neither config.json (pad_token_id) nor tokenizer_config.json (pad_token) names one: copy these files from the model's folder.") { Path = path };

    // The least of what the files say: how many positions the model has, what the tokenizer is cut to, what Sentence Transformers cuts to.
    private static int? FindLimit(EncoderFolder folder, int paddingId)
    {
        int? positions = folder.Config is { } config ? config.Number("max_position_embeddings") : ShippedLimit;
        if (positions is { } all && folder.ModelType is { } type && RobertaTypes.Contains(type))
        {
            positions = all - (paddingId + 1);
        }

        int? least = null;
        foreach (int? limit in (int?[])[positions, folder.TokenizerConfig?.Number("model_max_length"), folder.ReadJson(SentenceFile)?.Number("max_seq_length")])
        {
            least = limit is { } given && !(least < given) ? given : least;
        }

        return least;
    }
}
