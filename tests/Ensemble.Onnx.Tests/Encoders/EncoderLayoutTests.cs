using Ensemble.Onnx.Tests.Docs;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Encoders;

public sealed class EncoderLayoutTests
{
    [TestCaseSource(typeof(EncoderLayout), nameof(EncoderLayout.Embeddings))]
    public async Task Embeddings_EveryLayout_ReadsTheIdsAndGivesTheVectorThatFollows(object given)
    {
        EncoderLayout layout = (EncoderLayout)given;
        using TinyEncoder folder = new();
        layout.Write(folder);
        using OnnxEmbeddingGenerator generator = new(folder.Folder, new OnnxEmbeddingOptions { Prefix = "" });

        // Beside a longer text, so that the row is padded.
        GeneratedEmbeddings<Embedding<float>> result = await generator.GenerateAsync([layout.Text, layout.Text + " hello hello hello"]);

        Assert.That(EncoderTokenizer.Load(EncoderFolder.Open(folder.Folder)).Encode(layout.Text, 64).Ids, Is.EqualTo(layout.Ids));
        Assert.That(result[0].Vector.ToArray(), Is.EqualTo(TinyEncoder.Unit(layout.Expected(layout.Ids))).Within(1e-5));
        Assert.That(generator.GetRequiredService<EmbeddingGeneratorMetadata>().DefaultModelDimensions, Is.EqualTo(TinyEncoder.Width));
    }

    [Test]
    public void Encoders_TableOfThePage_IsWhatTheTestsTry() => PageTable.Check(
        "encoders",
        [
            "| use | layout | tokens from | graph takes; gives | made of it |",
            "|---|---|---|---|---|",
            .. EncoderLayout.Embeddings.Select(layout => Row("embeddings", layout)),
            .. EncoderLayout.Classifiers.Select(layout => Row("classifier", layout)),
            .. EncoderLayout.Rerankers.Select(layout => Row("reranker", layout)),
        ]);

    [Test]
    public async Task Embeddings_AnyMixOfLengths_GivesEachTextTheVectorThatItHasAlone()
    {
        using TinyEncoder folder = new();
        EncoderLayout.Embeddings[2].Write(folder);
        using OnnxEmbeddingGenerator generator = new(folder.Folder, new OnnxEmbeddingOptions { MaxBatchSize = 3 });
        string[] texts = [.. Enumerable.Range(0, 20).Select(i => string.Join(' ', Enumerable.Range(0, i * 7 % 11).Select(j => (i + j) % 3 == 0 ? "hello" : "good")))];

        GeneratedEmbeddings<Embedding<float>> together = await generator.GenerateAsync(texts);

        for (int i = 0; i < texts.Length; i++)
        {
            Assert.That(together[i].Vector.ToArray(), Is.EqualTo((await generator.GenerateAsync([texts[i]]))[0].Vector.ToArray()).Within(1e-6), texts[i]);
        }
    }

    [Test]
    public async Task Embeddings_TextLongerThanTheModel_IsCutToItsPositions()
    {
        using TinyEncoder folder = new();
        folder.With("vocab.txt", TinyTokenizers.VocabularyText).With("tokenizer_config.json", "{\"do_lower_case\":false,\"model_max_length\":7}").With("config.json", EncoderLayout.Config("bert", 512, 0))
            .With("sentence_bert_config.json", "{\"max_seq_length\":5}").WithModel("last_hidden_state");
        using OnnxEmbeddingGenerator generator = new(folder.Folder);

        GeneratedEmbeddings<Embedding<float>> result = await generator.GenerateAsync(["a b a b a b a b"]);

        Assert.That(result.Usage!.InputTokenCount, Is.EqualTo(5));
        Assert.That(result[0].Vector.ToArray(), Is.EqualTo(TinyEncoder.Unit(TinyEncoder.Mean([2, 8, 9, 8, 3]))).Within(1e-5));
    }

    [TestCase("{\"model_type\":\"bert\",\"max_position_embeddings\":512}", null, ExpectedResult = "")]
    [TestCase("{\"model_type\":\"bert\",\"_name_or_path\":\"intfloat/multilingual-e5-base\"}", null, ExpectedResult = "query: ")]
    [TestCase("{\"model_type\":\"bert\",\"_name_or_path\":\"me/we5t\"}", null, ExpectedResult = "")]
    [TestCase("{\"model_type\":\"bert\"}", "{\"prompts\":{\"q\":\"search: \"},\"default_prompt_name\":\"q\"}", ExpectedResult = "search: ")]
    [TestCase("{\"model_type\":\"bert\"}", "{\"prompts\":{\"q\":\"search: \"},\"default_prompt_name\":null}", ExpectedResult = "")]
    public string Prefix_IsWhatTheFolderSays(string config, string? sentences)
    {
        using TinyEncoder folder = new();
        folder.With("vocab.txt", TinyTokenizers.VocabularyText).With("config.json", config).With("model.onnx", "");
        if (sentences is not null)
        {
            folder.With("config_sentence_transformers.json", sentences);
        }

        return EmbeddingPrefix.Find(EncoderFolder.Open(folder.Folder));
    }

    private static string Row(string use, EncoderLayout layout) => $"| {use} | {layout.Name} | {layout.Tokenizer} | {layout.Graph} | {layout.Result} |";
}
