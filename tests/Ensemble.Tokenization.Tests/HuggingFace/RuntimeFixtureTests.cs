using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ensemble.Tokenization.Tests.HuggingFace;

/// <summary>The ids are those that another runtime's tokenizer gave for the same files.</summary>
internal sealed class RuntimeFixtureTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(FolderOf(), "../../.."));

    private static readonly string Tiny = Path.Combine(Root, "tests/Ensemble.Onnx.Tests/tiny");

    private static IEnumerable<string> TinyModels() => Directory.EnumerateDirectories(Tiny).Select(folder => Path.GetFileName(folder)).Order();

    // SentencePiece writes a space as U+2581; byte-level vocabularies have no such character.
    private static bool IsSentencePiece(string model) => File.ReadAllText(Path.Combine(Tiny, model, "tokenizer.json")).Contains('\u2581', StringComparison.Ordinal);

    private static IEnumerable<string> ByteLevelModels() => TinyModels().Where(model => !IsSentencePiece(model));

    private static IEnumerable<string> SentencePieceModels() => TinyModels().Where(IsSentencePiece);

    [Test]
    public void Encode_SmolLM2Texts_GivesTheRecordedIds()
    {
        string folder = Path.Combine(Root, "src/Ensemble.Models.SmolLM2/model");
        AssertIds(TokenEncoding.FromHuggingFace(folder), Path.Combine(folder, "fixtures.json"), "tokenizer");
    }

    [TestCaseSource(nameof(ByteLevelModels))]
    public void Encode_TinyModelTexts_GivesTheRecordedIds(string model)
    {
        string folder = Path.Combine(Tiny, model);
        TokenEncoding encoding = TokenEncoding.FromHuggingFace(Path.Combine(folder, "tokenizer.json"));

        Assert.That(encoding.Name, Is.EqualTo(model));
        AssertIds(encoding, Path.Combine(folder, "fixtures.json"), "texts");
    }

    [TestCaseSource(nameof(ByteLevelModels))]
    public void Encode_RenderedConversation_GivesTheRecordedIds(string model)
    {
        string folder = Path.Combine(Tiny, model);
        using JsonDocument fixtures = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "fixtures.json")));
        JsonElement rendered = fixtures.RootElement.GetProperty("rendered");

        // The runtime of these fixtures leaves the token that begins a text to the template.
        int[] ids = TokenEncoding.FromHuggingFace(folder).Encode(rendered.GetProperty("text").GetString(), SpecialTokens.AsTokens);
        Assert.That(ids, Is.EqualTo(Ids(rendered)));
    }

    [TestCaseSource(nameof(SentencePieceModels))]
    public void Load_SentencePieceModel_IsRefusedByName(string model) =>
        Assert.That(
            () => TokenEncoding.FromHuggingFace(Path.Combine(Tiny, model)),
            Throws.InstanceOf<TokenizerFileException>().With.Property("Component").EqualTo("model.byte_fallback"));

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
