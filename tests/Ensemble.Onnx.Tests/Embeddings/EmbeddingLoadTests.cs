using Ensemble.Models;

namespace Ensemble.Onnx.Tests.Embeddings;

public sealed class EmbeddingLoadTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ensemble-e5-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Load_NoSuchFolder_NamesTheFileAndThePackage() =>
        Assert.That(
            () => new OnnxEmbeddingGenerator(Path.Combine(_folder, "absent")),
            Throws.TypeOf<ModelLoadException>()
                .With.Message.Contains("Ensemble.Models.E5Small")
                .And.Property(nameof(ModelLoadException.Path)).EndsWith("model.onnx"));

    [Test]
    public void Load_BrokenVocabulary_NamesTheFile()
    {
        File.WriteAllText(Path.Combine(_folder, "sentencepiece.model"), "<html>not found</html>");
        File.WriteAllText(Path.Combine(_folder, "model.onnx"), "");

        Assert.That(
            () => new OnnxEmbeddingGenerator(_folder),
            Throws.TypeOf<ModelLoadException>().With.Property(nameof(ModelLoadException.Path)).EndsWith("sentencepiece.model"));
    }

    [Test]
    public void Load_BrokenModel_NamesTheFile()
    {
        File.Copy(Path.Combine(E5Small.Folder, "sentencepiece.model"), Path.Combine(_folder, "sentencepiece.model"));
        File.WriteAllText(Path.Combine(_folder, "model.onnx"), "version https://git-lfs.github.com/spec/v1");

        Assert.That(
            () => new OnnxEmbeddingGenerator(_folder),
            Throws.TypeOf<ModelLoadException>().With.Property(nameof(ModelLoadException.Path)).EndsWith("model.onnx"));
    }

    [Test]
    public void Load_ModelThatIsNoSentenceEncoder_SaysWhatIsMissing() =>
        Assert.That(
            () => new OnnxEmbeddingGenerator(SmolLM2.Folder),
            Throws.TypeOf<ModelLoadException>().With.Property(nameof(ModelLoadException.Path)).EndsWith("tokenizer.json"));

    [TestCase(2, 32)]
    [TestCase(513, 32)]
    [TestCase(512, 0)]
    public void Load_OptionOutOfRange_IsRefused(int maxTokens, int maxBatchSize) =>
        Assert.That(
            () => new OnnxEmbeddingGenerator(E5Small.Folder, new OnnxEmbeddingOptions { MaxTokens = maxTokens, MaxBatchSize = maxBatchSize }),
            Throws.TypeOf<ArgumentOutOfRangeException>());
}
