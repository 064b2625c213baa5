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
    public void Generate_OfAModelThatNeitherTableKnows_Throws() =>
        Assert.That(() => Generator.Generate("[]", "[]", ["openai m"]), Throws.InstanceOf<InvalidDataException>());

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
