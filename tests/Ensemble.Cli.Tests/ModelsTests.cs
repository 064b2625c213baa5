using Ensemble.Cli.Tests.Running;
using Ensemble.Testing;

namespace Ensemble.Cli.Tests;

public class ModelsTests
{
    private const string Application =
        """
        { "Ensemble": {
            "Default": "main",
            "Models": { "local": { "Provider": "local", "Model": "smollm2-135m-instruct" }, "lost": { "Provider": "local", "Model": "/nowhere/at-all" } },
            "Compositions": { "main": { "Kind": "route", "Members": "local" }, "crowd": { "Kind": "panel", "Members": "local*5" } } } }
        """;

    [Test]
    public async Task List_ShowsModelsAndCompositionsAndWhatEachLacks()
    {
        using TemporaryFile file = new(Application);
        CommandResult result = await CommandLine.RunAsync("models", "--config", file.Path, "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Json.GetProperty("default").GetString(), Is.EqualTo("main"));
        Assert.That(result.Json.GetProperty("providers").EnumerateArray().Select(p => p.GetProperty("name").GetString()), Is.SupersetOf(["openai", "anthropic", "ollama"]));
        Assert.That(result.Json.GetProperty("providers").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "sagemaker").GetProperty("missing").EnumerateArray().Last().GetString(), Is.EqualTo("setting Endpoint"));
        string[] models = [.. result.Json.GetProperty("models").EnumerateArray().Select(model =>
            $"{model.GetProperty("name")} {model.GetProperty("kind")} {model.GetProperty("what")} {model.GetProperty("ready")}")];
        Assert.That(models, Is.EqualTo(new[]
        {
            "local model local smollm2-135m-instruct True",
            "lost model local /nowhere/at-all False",
            "crowd panel local*5 True",
            "main route local True",
        }));
    }

    [Test]
    public async Task Table_ReadsWithoutColoursInAPipe()
    {
        using ScriptedMember model = new("m");
        CommandResult result = await new CommandLine { Scripted = model }.StartAsync("models");
        Assert.That(result.Out, Does.Contain("local (default)").And.Contain("scripted").And.Contain("yes").And.Not.Match("\u001b"));
    }

    [Test]
    public async Task WrongConfiguration_ListsEveryMistake()
    {
        using TemporaryFile file = new("""{ "Ensemble": { "Default": "locla", "Models": { "local": { "Provider": "lokal" } } } }""");
        CommandResult result = await CommandLine.RunAsync("models", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("Ensemble:Models:local:Provider").And.Contain("Ensemble:Default").And.Contain("Did you mean 'local'?"));
        Assert.That(result.Out, Is.Empty);
    }

    [Test]
    public async Task Show_OfAMistypedModel_NamesTheNearest()
    {
        CommandResult result = await CommandLine.RunAsync("models", "show", "gpt-5-minii");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("There is no model 'gpt-5-minii'. Did you mean 'gpt-5-mini'?"));
    }

    [TestCase("smollm2-135m-instruct")]
    [TestCase("SmolLM2-135M-Instruct")]
    public async Task Show_OfTheModelThatIsBroughtAlong_KnowsItByItsId(string name)
    {
        CommandResult result = await CommandLine.RunAsync("models", "show", name);
        Assert.That(result.Out, Does.StartWith($"{name}: smollm2-135m-instruct, in process{Environment.NewLine}  window 8192").And.Contain("can JsonSchema, LogProbabilities"), result.ToString());
    }

    [Test]
    public async Task Show_OfAModelOfTheStore_KnowsItByItsName()
    {
        DirectoryInfo store = Directory.CreateTempSubdirectory("ensemble-store");
        string folder = store.CreateSubdirectory("mine").FullName;
        foreach (string file in Directory.EnumerateFiles(Ensemble.Models.SmolLM2.Folder))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        }

        await File.WriteAllTextAsync(Path.Combine(folder, StoredModel.FileName), """{ "name": "mine", "source": "a test", "added": "2026-11-01T00:00:00Z", "files": [] }""");
        CommandResult result = await new CommandLine { StoreRoot = store.FullName }.StartAsync("models", "show", "mine");
        Assert.That(result.Out, Does.StartWith($"mine: mine, in process{Environment.NewLine}  window 8192"), result.ToString());
        Assert.That((await new CommandLine { StoreRoot = store.FullName }.StartAsync("models", "show", "mime")).Error, Does.Contain("Did you mean 'mine'?"));
        store.Delete(recursive: true);
    }

    [Test]
    public async Task Show_OfAWellKnownModel_PrintsEveryRateAtEveryProvider()
    {
        CommandResult result = await CommandLine.RunAsync("models", "show", "gpt-5.4");
        Assert.That(result.Out, Does.StartWith("gpt-5.4: openai/gpt-5.4").And.Contain("gpt-5.4: azure/gpt-5.4"));
        Assert.That(result.Out, Does.Contain("  price $2.5 in, $15 out per million; cached $0.25; batch $1.25 in, $7.5 out; above 272000 tokens $5 in, $22.5 out, cached $0.5; kept in a region times 1.1 (litellm, 2026-11-01); quality unknown"));
        CommandResult azure = await CommandLine.RunAsync("models", "show", "azure/gpt-5.4", "--json");
        Assert.That(azure.Json.GetArrayLength(), Is.EqualTo(1));
        Assert.That(azure.Json[0].GetProperty("rates").GetProperty("tiers")[0].GetProperty("cachedInputPerMillion").GetDecimal(), Is.EqualTo(0.5m));
    }

    [Test]
    public async Task Show_OfADisputedPrice_PrintsBothWithSourceAndDate()
    {
        CommandResult result = await CommandLine.RunAsync("models", "show", "deepseek-v4-pro");
        Assert.That(result.Out, Does.Match(@"price \$1\.32 in[^\n]*\((litellm|genai-prices), 2026-11-01\)").And.Match(@"disputed: another table says \$0\.66 in[^\n]*\((litellm|genai-prices), 2026-11-01\)"));
    }

    [TestCase("gemini-1.5-pro", "  can unknown")]
    [TestCase("sonar", "  can text only (litellm, 2026-11-01)")]
    [TestCase("claude-opus-4-1", "Tools, Vision, JsonSchema, Reasoning, Documents, PromptCache (litellm bedrock_converse/anthropic.claude-opus-4-1-20250805-v1:0, 2026-11-01)")]
    public async Task Show_TellsUnknownFromTextOnly(string name, string expected) =>
        Assert.That((await CommandLine.RunAsync("models", "show", name)).Out, Does.Contain(expected));

    [Test]
    public async Task Prices_PrintEveryRate() =>
        Assert.That(
            (await CommandLine.RunAsync("models", "prices", "--provider", "anthropic")).Out,
            Does.Contain("anthropic/claude-opus-4-1: $15 in, $75 out per million; cached $1.5; cache write $18.75 (genai-prices, 2026-11-01)"));
}
