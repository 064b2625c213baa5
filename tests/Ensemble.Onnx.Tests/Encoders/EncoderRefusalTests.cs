namespace Ensemble.Onnx.Tests.Encoders;

/// <summary>What cannot be followed is an error that names the file, what is there and the fix.</summary>
public sealed class EncoderRefusalTests
{
    private const string Bert = """{"model_type":"bert","max_position_embeddings":512,"pad_token_id":0,"hidden_size":4}""";

    private static readonly (string What, string File, string Found, Action<TinyEncoder> Spoil)[] Cases =
    [
        ("no model", "model.onnx", "does not exist", f => File.Delete(Path.Combine(f.Folder, "model.onnx"))),
        ("no tokenizer", "tokenizer.json", "does not exist", f => File.Delete(Path.Combine(f.Folder, "tokenizer.json"))),
        ("no JSON", "config.json", "not JSON", f => f.With("config.json", "{ no")),
        ("no object", "config.json", "not an object", f => f.With("config.json", "[]")),
        ("Unigram", "tokenizer.json", "Unigram", f => f.With("tokenizer.json", """{"model":{"type":"Unigram"}}""")),
        ("no model of tokens", "tokenizer.json", "model.type is not there", f => f.With("tokenizer.json", "{}")),
        ("other normalizer", "tokenizer.json", "NFKC", f => f.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.BertProcessing, """{"type":"NFKC"}"""))),
        ("other words", "tokenizer.json", "Whitespace", f => f.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.BertProcessing, preTokenizer: """{"type":"Whitespace"}"""))),
        ("unclean text", "tokenizer.json", "clean_text", f => f.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.BertProcessing, """{"type":"BertNormalizer","clean_text":false,"lowercase":true}"""))),
        ("added words", "tokenizer.json", "added_tokens", f => f.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.BertProcessing).Replace("\"special\":true", "\"special\":false", StringComparison.Ordinal))),
        ("no unknown", "tokenizer.json", "[UNK]", f => f.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.BertProcessing).Replace("\"[UNK]\":1,", "", StringComparison.Ordinal))),
        ("no marks", "tokenizer.json", "post_processor", f => f.With("tokenizer.json", TinyTokenizers.WordPiece("null"))),
        ("marks in another order", "tokenizer.json", "post_processor", f => f.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.Template("[CLS]", 2, "[SEP]", 3, secondType: 2)))),
        ("damaged marks", "tokenizer.json", "post_processor", f => f.With("tokenizer.json", TinyTokenizers.WordPiece("""{"type":"BertProcessing","sep":["[SEP]"]}"""))),
        ("BPE in words", "tokenizer.json", "Whitespace", f => f.With("tokenizer.json", TinyTokenizers.BytePair(TinyTokenizers.BertProcessing).Replace("\"type\":\"ByteLevel\"", "\"type\":\"Whitespace\"", StringComparison.Ordinal))),
        ("vocabulary alone", "vocab.txt", "do_lower_case", f => Vocabulary(f, null)),
        ("piece twice", "vocab.txt", "lines 5 and 6", f => Vocabulary(f, "{\"do_lower_case\":true}").With("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\na\n")),
        ("mark not there", "vocab.txt", "<cls>", f => Vocabulary(f, "{\"do_lower_case\":true,\"cls_token\":{\"content\":\"<cls>\"}}")),
        ("unknown family", "vocab.txt", "xlnet", f => Vocabulary(f, "{\"do_lower_case\":true}").With("config.json", """{"model_type":"xlnet","max_position_embeddings":512,"pad_token_id":0}""")),
        ("case that is no switch", "tokenizer_config.json", "do_lower_case", f => f.With("tokenizer_config.json", "{\"do_lower_case\":\"yes\"}")),
        ("case lowered before", "sentence_bert_config.json", "do_lower_case", f => f.With("sentence_bert_config.json", "{\"do_lower_case\":true}").With("tokenizer_config.json", "{\"do_lower_case\":false}")),
        ("no limit", "", "max_position_embeddings", f => f.With("config.json", "{\"model_type\":\"bert\",\"pad_token_id\":0}")),
        ("pieces of an unknown family", "sentencepiece.bpe.model", "XLMRobertaTokenizer", f => f.With("sentencepiece.bpe.model", TinyTokenizers.SentencePiece(EncoderLayout.PublishedHead, EncoderLayout.Pieces))),
        ("pieces of another family", "sentencepiece.bpe.model", "<pad> </s> <unk>", f => f.With("sentencepiece.bpe.model", TinyTokenizers.SentencePiece(["<pad>", "</s>", "<unk>"], EncoderLayout.Pieces))),
        ("other pooling", Path.Combine("1_Pooling", "config.json"), "lasttoken", f => f.With("1_Pooling/config.json", """{"pooling_mode_lasttoken":true}""")),
        ("two poolings", Path.Combine("1_Pooling", "config.json"), "cls_token + pooling_mode_mean", f => f.With("1_Pooling/config.json", """{"pooling_mode_cls_token":true,"pooling_mode_mean_tokens":true}""")),
        ("no pooling", Path.Combine("1_Pooling", "config.json"), "none", f => f.With("1_Pooling/config.json", "{}")),
        ("pooling without the prompt", Path.Combine("1_Pooling", "config.json"), "include_prompt", f => f.With("1_Pooling/config.json", """{"pooling_mode_mean_tokens":true,"include_prompt":false}""")),
        ("more modules", "modules.json", "Dense", f => f.With("modules.json", """[{"type":"sentence_transformers.models.Transformer"},{"type":"sentence_transformers.models.Dense"}]""")),
        ("no modules", "modules.json", "no list", f => f.With("modules.json", "{}")),
        ("no prompt of the name", "config_sentence_transformers.json", "default_prompt_name", f => f.With("config_sentence_transformers.json", """{"prompts":{},"default_prompt_name":"q"}""")),
        ("no vectors", "model.onnx", "logits", f => f.WithModel("logits", labels: 2)),
        ("other width", "model.onnx", "config.json says 8", f => f.With("config.json", Bert.Replace("4}", "8}", StringComparison.Ordinal))),
        ("open width", "model.onnx", "open", f => f.With("config.json", Bert.Replace(",\"hidden_size\":4", "", StringComparison.Ordinal)).WithModel("last_hidden_state", openWidth: true)),
        ("other shape", "model.onnx", "[batch, tokens, width]", f => Graph(f, g => g.Output("last_hidden_state", OnnxGraph.FloatType, 0, 4), g => g.Node("Gather", [g.Constant([1, 2, 3, 4], 1, 4), g.Node("ReduceMin", ["input_ids"], null, ("keepdims", 1))], "last_hidden_state"))),
        ("other numbers", "model.onnx", "Int64", f => Graph(f, g => g.Output("sentence_embedding", OnnxGraph.Int64Type, 0, 0), g => g.Node("Add", ["input_ids", "attention_mask"], "sentence_embedding"))),
        ("other input", "model.onnx", "position_ids", f => Graph(f, g => g.Input("position_ids", OnnxGraph.Int64Type, 0, 0), Hidden)),
        ("fixed length", "model.onnx", "128", f => Graph(f, g => g.Input("token_type_ids", OnnxGraph.Int64Type, 1, 128), Hidden)),
        ("real numbers in", "model.onnx", "Single", f => Graph(f, g => g.Input("token_type_ids", OnnxGraph.FloatType, 0, 0), Hidden)),
    ];

    private static IEnumerable<TestCaseData> Named => Cases.Select((one, index) => new TestCaseData(index).SetArgDisplayNames(one.What));

    [TestCaseSource(nameof(Named))]
    public void Load_WhatCannotBeFollowed_NamesTheFileAndWhatIsThere(int index)
    {
        (string what, string file, string found, Action<TinyEncoder> spoil) = Cases[index];
        using TinyEncoder folder = new();
        folder.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.BertProcessing)).With("config.json", Bert).WithModel("last_hidden_state");
        Assert.That(() => new OnnxEmbeddingGenerator(folder.Folder).Dispose(), Throws.Nothing, "sound");
        spoil(folder);

        ModelLoadException error = Assert.Throws<ModelLoadException>(() => new OnnxEmbeddingGenerator(folder.Folder).Dispose(), what)!;

        Assert.That(error.Message, Does.Contain(found));
        Assert.That(error.Path, Is.EqualTo(Path.Combine(folder.Folder, file)));
    }

    [Test]
    public async Task Generate_VocabularyLargerThanTheModel_IsATypedErrorAndNoVector()
    {
        using TinyEncoder folder = new();
        folder.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.BertProcessing).Replace("\"hello\":4", "\"hello\":4000", StringComparison.Ordinal)).With("config.json", Bert).WithModel("last_hidden_state");
        using OnnxEmbeddingGenerator generator = new(folder.Folder);

        ModelLoadException error = (await Assert.ThrowsAsync<ModelLoadException>(() => generator.GenerateAsync(["hello"])))!;

        Assert.That(error.Message, Does.Contain("model.onnx").And.Contain("one folder"));
        Assert.That(await generator.GenerateAsync(["good"]), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Generate_NumbersThatAreNone_AreATypedErrorAndNoVector()
    {
        using TinyEncoder folder = new();
        folder.With("tokenizer.json", TinyTokenizers.WordPiece(TinyTokenizers.BertProcessing)).With("config.json", Bert);
        Graph(folder, graph => graph.Output("last_hidden_state", OnnxGraph.FloatType, 0, 0, 4), graph =>
            graph.Node("Div", [graph.Node("Gather", [graph.Constant(new float[400], 100, 4), "input_ids"]), graph.Constant([0f], 1)], "last_hidden_state"));
        using OnnxEmbeddingGenerator generator = new(folder.Folder);

        ModelLoadException error = (await Assert.ThrowsAsync<ModelLoadException>(() => generator.GenerateAsync(["good"])))!;

        Assert.That(error.Message, Does.Contain("model.onnx").And.Contain("NaN"));
    }

    private static TinyEncoder Vocabulary(TinyEncoder folder, string? config)
    {
        File.Delete(Path.Combine(folder.Folder, "tokenizer.json"));
        folder.With("vocab.txt", TinyTokenizers.VocabularyText);
        return config is null ? folder : folder.With("tokenizer_config.json", config);
    }

    private static void Graph(TinyEncoder folder, params Action<OnnxGraph>[] parts)
    {
        OnnxGraph graph = new OnnxGraph().Input("input_ids", OnnxGraph.Int64Type, 0, 0).Input("attention_mask", OnnxGraph.Int64Type, 0, 0);
        foreach (Action<OnnxGraph> part in parts)
        {
            part(graph);
        }

        graph.Save(Path.Combine(folder.Folder, "model.onnx"));
    }

    private static void Hidden(OnnxGraph graph)
    {
        graph.Node("Gather", [graph.Constant(new float[400], 100, 4), "input_ids"], "last_hidden_state");
        graph.Output("last_hidden_state", OnnxGraph.FloatType, 0, 0, 4);
    }
}
