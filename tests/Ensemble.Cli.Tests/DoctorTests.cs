using Ensemble.Cli.Tests.Running;

namespace Ensemble.Cli.Tests;

public class DoctorTests
{
    [Test]
    public async Task WrongConfiguration_IsAFindingAndEndsWithThree()
    {
        using TemporaryFile file = new("""{ "Ensemble": { "Models": { "local": { "Provider": "lokal" } } } }""");
        CommandResult result = await CommandLine.RunAsync("doctor", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Negative), result.ToString());
        Assert.That(result.Out, Does.Contain("wrong    Ensemble:Models:local:Provider").And.Contain("machine"));
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public async Task PathOfASetting_IsShownAsItIs_AndNoEmoji()
    {
        using TemporaryFile file = new("""{ "Ensemble": { "Models": { "key": { "Provider": "bank" } } } }""");
        CommandResult result = await CommandLine.RunAsync("doctor", "--config", file.Path);
        Assert.That(result.Out, Does.Contain("Ensemble:Models:key:Provider"));
    }

    [TestCase("""{ "Ensemble": { "Models": { "A": { "Provider": "local" }, "a": { "Provider": "local" } } } }""", "is no configuration", "in case only")]
    [TestCase("{ ", "is not valid JSON", "")]
    [TestCase("""{ "Ensemble": { "Models": { "a": { "Provider": "local", "Model": "smollm2-135m-instruct", "MaxOutputTokens": -1 } } } }""", "Ensemble:Models:a:MaxOutputTokens is -1", "at least 1")]
    public async Task BadFile_IsSaidAsWhatItIs_AndEndsWithTwo(string json, string first, string second)
    {
        using TemporaryFile file = new(json);
        CommandResult result = await CommandLine.RunAsync("ask", "Hi", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage), result.ToString());
        Assert.That(result.Error, Does.Contain(first).And.Contain(second));
    }

    [Test]
    public async Task MissingModel_IsAFindingWithTheFix()
    {
        using TemporaryFile file = new("""{ "Ensemble": { "Models": { "local": { "Provider": "local", "Model": "no-such-model" } } } }""");
        CommandResult result = await CommandLine.RunAsync("doctor", "--config", file.Path, "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Negative), result.ToString());
        Assert.That(result.Json.GetProperty("ready").GetBoolean(), Is.False);
        Assert.That(result.Json.GetProperty("configuration").GetProperty("errors")[0].GetString(), Does.Contain("no-such-model").And.Contain("Ensemble.Models"));
    }

    [Test]
    public async Task Report_NeverShowsSettingsOfAModel()
    {
        using TemporaryFile file = new("""{ "Ensemble": { "Models": { "local": { "Provider": "local", "Model": "smollm2-135m-instruct", "ApiKey": "sk-very-secret" } } } }""");
        foreach (string[] format in new string[][] { [], ["--json"] })
        {
            CommandResult result = await CommandLine.RunAsync(["doctor", "--config", file.Path, .. format]);
            Assert.That(result.Out + result.Error, Does.Not.Contain("sk-very-secret"));
            Assert.That(result.Out, Does.Contain("ApiKey"), "the unknown key itself is named");
        }
    }
}
