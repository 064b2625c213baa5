using System.Runtime.CompilerServices;
using Ensemble.CatalogGenerator;

namespace Ensemble.Tests.Catalog;

internal sealed class CatalogGeneratorTests
{
    [Test]
    public void ShippedCatalog_IsWhatTheGeneratorMakesOfTheTwoTables()
    {
        string root = Root();
        string tables = Path.Combine(root, "..", "shared", "data", "prices");
        if (!Directory.Exists(tables))
        {
            Assert.Ignore("The two price tables are not beside the repository.");
        }

        string made = Generator.Generate(
            File.ReadAllText(Path.Combine(tables, "litellm-models.json")),
            File.ReadAllText(Path.Combine(tables, "genai-prices-models.json")),
            File.ReadLines(Path.Combine(root, "eng", "Ensemble.CatalogGenerator", "selection.txt")));
        Assert.That(File.ReadAllText(Path.Combine(root, "src", "Ensemble", "Catalog", "models.json")), Is.EqualTo(made));
    }

    [Test]
    public void Generate_WhenTheTablesDisagree_TakesTheDearerAndKeepsTheOther()
    {
        string made = Generator.Generate(
            """[ { "provider": "openai", "model": "m", "in": 1e-06, "out": 2e-06, "max_input": 1000 } ]""",
            """[ { "provider": "openai", "model": "m", "match": { "equals": "m" }, "prices": { "input_mtok": 2.0, "output_mtok": 4.0 } } ]""",
            ["openai m"]);
        Assert.That(made, Does.Contain("\"price\":{\"in\":2,\"out\":4,\"source\":\"genai-prices\""));
        Assert.That(made, Does.Contain("\"disputed\":{\"in\":1,\"out\":2,\"source\":\"litellm\""));
    }

    [Test]
    public void Generate_OfALatestAlias_TakesTheFresherTable()
    {
        string made = Generator.Generate(
            """[ { "provider": "openai", "model": "m-latest", "in": 1e-06, "out": 2e-06 } ]""",
            """[ { "provider": "openai", "model": "m", "match": { "starts_with": "m" }, "prices": [ { "prices": { "input_mtok": 9.0, "output_mtok": 9.0 } }, { "constraint": { "start_date": "2026-01-01" }, "prices": { "input_mtok": 2.0, "output_mtok": 4.0 } } ] } ]""",
            ["openai m-latest"]);
        Assert.That(made, Does.Contain("\"price\":{\"in\":1,\"out\":2,"));
        Assert.That(made, Does.Contain("\"disputed\":{\"in\":2,\"out\":4,"));
    }

    [Test]
    public void Generate_OfAClosedModelThatOnlyAPlatformLists_TakesWhatAllItsRowsSayAndNamesOne()
    {
        string made = Generator.Generate(
            """
            [ { "provider": "bedrock", "model": "anthropic.claude-x-20250101-v1:0", "max_input": 9, "max_output": 5, "caps": ["tools", "pdf"] },
              { "provider": "bedrock", "model": "anthropic.claude-x-20250202-v2:0", "max_input": 9, "max_output": 4, "caps": ["tools", "vision"] },
              { "provider": "bedrock", "model": "eu.anthropic.claude-x-20250202-v2:0", "caps": ["prefill"] },
              { "provider": "deepinfra", "model": "anthropic/claude-x", "caps": ["audio_in"] } ]
            """,
            """[ { "provider": "anthropic", "model": "claude-x", "match": { "equals": "claude-x-latest" }, "prices": { "input_mtok": 2.0, "output_mtok": 4.0 } } ]""",
            ["anthropic claude-x-latest"]);
        Assert.That(made, Does.Contain("\"window\":9,\"input\":9,\"output\":4,\"can\":[\"tools\"],\"canSource\":\"litellm bedrock/anthropic.claude-x-20250101-v1:0, 2026-11-01\""));
    }

    [Test]
    public void Generate_WhereNoTableSaysWhatAModelCanDo_LeavesItOut_AndATextModelSaysSo()
    {
        string made = Generator.Generate(
            """
            [ { "provider": "together_ai", "model": "together_ai/open", "in": 1e-06, "out": 2e-06 },
              { "provider": "groq", "model": "groq/open", "in": 1e-06, "out": 2e-06, "caps": ["tools"] },
              { "provider": "perplexity", "model": "perplexity/plain", "in": 1e-06, "out": 2e-06, "caps": ["web_search"] } ]
            """,
            "[]",
            ["together open", "perplexity plain"]);
        Assert.That(made, Does.Contain("{\"id\":\"open\",\"provider\":\"together\",\"energy\""));
        Assert.That(made, Does.Contain("{\"id\":\"plain\",\"provider\":\"perplexity\",\"can\":[],\"canSource\":\"litellm, 2026-11-01\""));
    }

    [TestCase("eu.anthropic.claude-opus-4-1-20250805-v1:0", "claude-opus-4-1")]
    [TestCase("vertex_ai/claude-3-5-haiku@20241022", "claude-3-5-haiku")]
    [TestCase("claude-sonnet-4-0", "claude-sonnet-4")]
    [TestCase("anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-3-5-sonnet")]
    [TestCase("azure/us/o1-preview-2024-09-12", "o1-preview")]
    [TestCase("gpt-4o-mini", "gpt-4o-mini")]
    [TestCase("claude-opus-4-1", "claude-opus-4-1")]
    public void Undated_OfTheNamesThatHostsGive_IsOneName(string id, string expected) => Assert.That(ModelNames.Undated(id), Is.EqualTo(expected));

    [Test]
    public void Generate_OfAModelThatNeitherTableKnows_Throws() =>
        Assert.That(() => Generator.Generate("[]", "[]", ["openai m"]), Throws.InstanceOf<InvalidDataException>());

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
