namespace Ensemble.Onnx.Tests.Encoders;

/// <summary>A layout of published encoders, rebuilt with a few numbers.</summary>
/// <param name="Name">The layout, with models that have it.</param>
/// <param name="Tokenizer">The file that the tokens come from.</param>
/// <param name="Graph">What the graph takes and gives.</param>
/// <param name="Result">What is made of it.</param>
/// <param name="Write">Writes the folder.</param>
/// <param name="Text">A text.</param>
/// <param name="Ids">What the model must read for it.</param>
/// <param name="Expected">What must come out for these ids: the vector, but for its length; the probabilities; the score.</param>
/// <param name="Query">The query before the text, of a reranker.</param>
internal sealed record EncoderLayout(string Name, string Tokenizer, string Graph, string Result, Action<TinyEncoder> Write, string Text, int[] Ids, Func<int[], double[]> Expected, string Query = "")
{
    public static readonly string[] PublishedHead = ["<unk>", "<s>", "</s>"];

    public static readonly string[] Pieces = ["\u2581hello", "\u2581world", "s", "\u2581", "\u2581good", "\u2581bad"];

    public static readonly EncoderLayout[] Embeddings =
    [
        new("XLM-RoBERTa as published (multilingual E5, BGE-M3)", "`sentencepiece.bpe.model`", "int64; `last_hidden_state`", "mean",
            folder => XlmRoberta(folder).WithModel("last_hidden_state"), "hello worlds", [0, 4, 5, 6, 2], ids => TinyEncoder.Mean(ids)),
        new("XLM-RoBERTa with the model's own ids (the shipped E5)", "`sentencepiece.model`", "int64; `sentence_embedding`", "pooled in the graph",
            folder => folder.With("sentencepiece.model", TinyTokenizers.SentencePiece(["<s>", "<pad>", "</s>", "<unk>"], Pieces)).With("config.json", "{\"max_position_embeddings\":512}").WithModel("sentence_embedding"),
            "hello worlds", [0, 4, 5, 6, 2], ids => TinyEncoder.Mean(ids)),
        new("BERT (MiniLM, GTE)", "`tokenizer.json`, WordPiece", "int64, `token_type_ids`; `last_hidden_state`", "mean",
            folder => folder.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.Template("[CLS]", 2, "[SEP]", 3))).With("config.json", Bert).WithModel("last_hidden_state", types: true),
            "Hello worlds+Café", [2, 4, 5, 6, 11, 7, 3], ids => TinyEncoder.Mean(ids)),
        new("BERT (BGE), in `onnx/`", "`vocab.txt`", "int32, `token_type_ids`; `token_embeddings`", "first token (`1_Pooling`)",
            folder => folder.With("vocab.txt", TinyTokenizers.VocabularyText).With("tokenizer_config.json", "{\"do_lower_case\":true,\"model_max_length\":1000000000000000019884624838656}").With("config.json", Bert)
                .With("1_Pooling/config.json", """{"word_embedding_dimension":4,"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":false}""").WithModel("token_embeddings", types: true, narrow: true, file: "onnx/model.onnx"),
            "good", [2, 21, 3], _ => TinyEncoder.Mean([2])),
        new("MPNet (all-mpnet)", "`tokenizer.json`, WordPiece", "int64; `last_hidden_state`", "mean",
            folder => folder.With("tokenizer.json", TinyTokenizers.WordPiece("""{"type":"RobertaProcessing","sep":["[SEP]",3],"cls":["[CLS]",2],"trim_offsets":true,"add_prefix_space":false}""")).With("config.json", Config("mpnet", 514, 1)).WithModel("last_hidden_state"),
            "hello b", [2, 4, 9, 3], ids => TinyEncoder.Mean(ids)),
        new("RoBERTa", "`tokenizer.json`, byte-level BPE", "int64; `last_hidden_state`", "largest number (`1_Pooling`)",
            folder => folder.With("tokenizer.json", TinyTokenizers.BytePair("""{"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0],"trim_offsets":true,"add_prefix_space":false}""")).With("config.json", Config("roberta", 514, 1))
                .With("1_Pooling/config.json", """{"pooling_mode":"max"}""").WithModel("last_hidden_state"),
            "hello hello", [0, 262, 263, 2], ids => [.. Enumerable.Range(0, TinyEncoder.Width).Select(k => (double)ids.Max(id => TinyEncoder.Vector(id)[k]))]),
        new("ModernBERT", "`tokenizer.json`, byte-level BPE with plain added tokens", "int64; `last_hidden_state`", "first token (`1_Pooling`)",
            folder => folder.With("tokenizer.json", TinyTokenizers.BytePair($$"""{"type":"Sequence","processors":[{"type":"ByteLevel"},{{TinyTokenizers.Template("<s>", 0, "</s>", 2)}}]}""")).With("config.json", Config("modernbert", 8192, 1))
                .With("1_Pooling/config.json", """{"pooling_mode_cls_token":true}""").WithModel("last_hidden_state", openWidth: true),
            "hello  hello", [0, 262, 264, 262, 2], _ => TinyEncoder.Mean([0])),
    ];

    public static readonly EncoderLayout[] Classifiers =
    [
        new("BERT", "`tokenizer.json`, WordPiece", "int64, `token_type_ids`; `logits`", "softmax",
            folder => BertClassifier(folder), "hello worlds", [2, 4, 5, 6, 3], ids => Softmax(TinyEncoder.Logits(TinyEncoder.Mean(ids), 3))),
        new("DistilBERT", "`vocab.txt`", "int64; `logits`", "softmax",
            folder => folder.With("vocab.txt", TinyTokenizers.VocabularyText).With("tokenizer_config.json", "{\"do_lower_case\":true}").With("config.json", Config("distilbert", 512, 0, Labels)).WithModel("logits", labels: 3),
            "Good", [2, 21, 3], ids => Softmax(TinyEncoder.Logits(TinyEncoder.Mean(ids), 3))),
        new("RoBERTa", "`tokenizer.json`, byte-level BPE", "int64; `logits`", "softmax",
            folder => folder.With("tokenizer.json", TinyTokenizers.BytePair(RobertaProcessing)).With("config.json", Config("roberta", 514, 1, Labels)).WithModel("logits", labels: 3),
            "hello hello", [0, 262, 263, 2], ids => Softmax(TinyEncoder.Logits(TinyEncoder.Mean(ids), 3))),
        new("XLM-RoBERTa, several labels", "`sentencepiece.bpe.model`", "int64; `logits`", "sigmoid (`multi_label_classification`)",
            folder => XlmRoberta(folder, Labels + ",\"problem_type\":\"multi_label_classification\"").WithModel("logits", labels: 3),
            "good", [0, 8, 2], ids => [.. TinyEncoder.Logits(TinyEncoder.Mean(ids), 3).Select(Logistic)]),
    ];

    public static readonly EncoderLayout[] Rerankers =
    [
        new("BERT (MS MARCO MiniLM): `[CLS] q [SEP] d [SEP]`", "`vocab.txt`", "int64, `token_type_ids`; one logit", "sigmoid",
            folder => BertReranker(folder), "good worlds", [2, 4, 3, 21, 5, 6, 3], ids => [Logistic(TinyEncoder.Logits(TinyEncoder.Mean(ids, secondFrom: 3), 1)[0])], "Hello"),
        new("XLM-RoBERTa (BGE reranker): `<s> q </s></s> d </s>`", "`sentencepiece.bpe.model`", "int64; one logit", "sigmoid",
            folder => XlmRoberta(folder).WithModel("logits", labels: 1), "good worlds", [0, 4, 2, 2, 8, 5, 6, 2], ids => [Logistic(TinyEncoder.Logits(TinyEncoder.Mean(ids), 1)[0])], "hello"),
        new("marks as `post_processor` says (ModernBERT)", "`tokenizer.json`, byte-level BPE", "int32; one logit", "sigmoid",
            folder => folder.With("tokenizer.json", TinyTokenizers.BytePair(TinyTokenizers.Template("<s>", 0, "</s>", 2))).With("config.json", Config("modernbert", 8192, 1)).WithModel("logits", labels: 1, narrow: true),
            "hello  hello", [0, 262, 2, 262, 264, 262, 2], ids => [Logistic(TinyEncoder.Logits(TinyEncoder.Mean(ids), 1)[0])], "hello"),
    ];

    private const string Labels = ",\"id2label\":{\"0\":\"negative\",\"1\":\"neutral\",\"2\":\"positive\"}";

    private static string RobertaProcessing => """{"type":"RobertaProcessing","sep":["</s>",2],"cls":["<s>",0],"trim_offsets":true,"add_prefix_space":false}""";

    private static string Bert => Config("bert", 512, 0);

    public override string ToString() => Name;

    public static string Config(string type, int positions, int padding, string more = "") =>
        $$"""{"model_type":"{{type}}","max_position_embeddings":{{positions}},"pad_token_id":{{padding}},"hidden_size":4{{more}}}""";

    public static TinyEncoder BertClassifier(TinyEncoder folder) =>
        folder.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.BertProcessing)).With("config.json", Config("bert", 512, 0, Labels)).WithModel("logits", labels: 3, types: true);

    public static TinyEncoder BertReranker(TinyEncoder folder) =>
        folder.With("vocab.txt", TinyTokenizers.VocabularyText).With("tokenizer_config.json", "{\"do_lower_case\":true}").With("config.json", Bert).WithModel("logits", labels: 1, types: true);

    public static double Logistic(double logit) => 1 / (1 + Math.Exp(-logit));

    public static double[] Softmax(double[] logits)
    {
        double sum = logits.Sum(Math.Exp);
        return [.. logits.Select(logit => Math.Exp(logit) / sum)];
    }

    public static TinyEncoder XlmRoberta(TinyEncoder folder, string more = "") =>
        folder.With("sentencepiece.bpe.model", TinyTokenizers.SentencePiece(PublishedHead, Pieces)).With("config.json", Config("xlm-roberta", 514, 1, more));
}
