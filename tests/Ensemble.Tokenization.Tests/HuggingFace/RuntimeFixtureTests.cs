using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ensemble.Tokenization.Tests.HuggingFace;

/// <summary>The ids are those that another runtime's tokenizer gave for the same files.</summary>
internal sealed class RuntimeFixtureTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(FolderOf(), "../../.."));

    private static IEnumerable<string> TinyModels() => Directory.EnumerateDirectories(Path.Combine(Root, "tests/Ensemble.Onnx.Tests/tiny")).Select(folder => Path.GetFileName(folder)).Order();

    [Test]
    public void Encode_SmolLM2Texts_GivesTheRecordedIds()
    {
        string folder = Path.Combine(Root, "src/Ensemble.Models.SmolLM2/model");
        AssertIds(TokenEncoding.FromHuggingFace(folder), Path.Combine(folder, "fixtures.json"), "tokenizer");
    }

    [TestCaseSource(nameof(TinyModels))]
    public void Encode_TinyModelTexts_GivesTheRecordedIds(string model)
    {
        string folder = Path.Combine(Root, "tests/Ensemble.Onnx.Tests/tiny", model);
        TokenEncoding encoding = TokenEncoding.FromHuggingFace(Path.Combine(folder, "tokenizer.json"));

        Assert.That(encoding.Name, Is.EqualTo(model));
        AssertIds(encoding, Path.Combine(folder, "fixtures.json"), "texts");
    }

    [TestCaseSource(nameof(TinyModels))]
    public void Encode_RenderedConversation_GivesTheRecordedIds(string model)
    {
        string folder = Path.Combine(Root, "tests/Ensemble.Onnx.Tests/tiny", model);
        using JsonDocument fixtures = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "fixtures.json")));
        JsonElement rendered = fixtures.RootElement.GetProperty("rendered");

        // The runtime of these fixtures leaves the token that begins a text to the template.
        int[] ids = TokenEncoding.FromHuggingFace(folder).Encode(rendered.GetProperty("text").GetString(), SpecialTokens.AsTokens);
        Assert.That(ids, Is.EqualTo(Ids(rendered)));
    }

    [Test]
    public void Load_SharedSentencePieceModels_AreRefusedByName()
    {
        string? shared = Texts.ReferenceTexts.SharedFolder;
        if (shared is null)
        {
            Assert.Ignore("shared/models is not above this repository; a file of our own making is refused in UnsupportedFileTests.");
        }

        string[] refused = [.. Directory.EnumerateFiles(Path.Combine(shared!, "../../models/tiny"), "tokenizer.json", SearchOption.AllDirectories)
            .Where(path => File.ReadAllText(path).Contains('▁', StringComparison.Ordinal))];

        Assert.That(refused, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (string path in refused)
            {
                Assert.That(() => TokenEncoding.FromHuggingFace(path), Throws.InstanceOf<TokenizerFileException>().With.Property("Component").EqualTo("model.byte_fallback"));
            }
        });
    }

    private static void AssertIds(TokenEncoding encoding, string fixtures, string key)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(fixtures));
        JsonElement[] items = [.. document.RootElement.GetProperty(key).EnumerateArray()];
        Assert.That(items, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            foreach (JsonElement item in items)
            {
                string text = item.GetProperty("text").GetString()!;
                Assert.That(encoding.Encode(text, SpecialTokens.AsTokens), Is.EqualTo(Ids(item)), text);
                Assert.That(encoding.Count(text, SpecialTokens.AsTokens), Is.EqualTo(Ids(item).Length), text);
            }
        });
    }

    private static int[] Ids(JsonElement item) => [.. item.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];

    private static string FolderOf([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
