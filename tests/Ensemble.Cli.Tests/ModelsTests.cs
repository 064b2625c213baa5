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
}
