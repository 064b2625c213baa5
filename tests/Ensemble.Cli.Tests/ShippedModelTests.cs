using System.Text.Json;
using Ensemble.Cli.Tests.Running;

namespace Ensemble.Cli.Tests;

/// <summary>The whole way, with the model that the tool brings. Its answers here are at least 1 nat ahead of any other, on every processor.</summary>
public class ShippedModelTests
{
    private const string Question = "What is the capital of South Korea?";

    [Test]
    public async Task Ask_KnowsTheCapital()
    {
        CommandResult result = await CommandLine.RunAsync("ask", Question, "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Json.GetProperty("text").GetString(), Does.Contain("Seoul"));
        Assert.That(result.Json.GetProperty("receipt").GetProperty("attempts")[0].GetProperty("outputTokens").GetInt32(), Is.Positive);
    }

    [Test]
    public async Task Ask_TakesAFolderAsModel()
    {
        CommandResult result = await CommandLine.RunAsync("ask", Question, "--model", Ensemble.Models.SmolLM2.Folder);
        Assert.That(result.Out, Does.Contain("Seoul"), result.ToString());
    }

    [Test]
    public async Task Ask_WithASchemaGivesValidJson()
    {
        using TemporaryFile schema = new("""{ "type": "object", "properties": { "city": { "type": "string", "maxLength": 20 } }, "required": ["city"], "additionalProperties": false }""");
        CommandResult result = await CommandLine.RunAsync("ask", "Name one city.", "--schema", schema.Path, "--max-tokens", "64", "--json");
        Assert.That(result.Json.GetProperty("value").GetProperty("city").ValueKind, Is.EqualTo(JsonValueKind.String), result.ToString());
    }

    [Test]
    public async Task Panel_EveryBallotIsAChoice()
    {
        CommandResult result = await CommandLine.RunAsync("ask", "Is a tomato a fruit?", "--panel", "3", "--choices", "yes,no", "--seed", "1", "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        JsonElement ballots = result.Json.GetProperty("receipt").GetProperty("vote").GetProperty("ballots");
        Assert.That(ballots.EnumerateArray().Select(ballot => ballot.GetProperty("choice").GetString()), Has.Exactly(3).Items.And.All.AnyOf("yes", "no"));
    }

    [Test]
    public async Task Score_PutsTheCapitalFirst()
    {
        CommandResult result = await CommandLine.RunAsync("score", "The capital of South Korea is", "--choices", "Busan,Seoul,Tokyo", "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Json.GetProperty("best").GetString(), Is.EqualTo("Seoul"));
    }

    [Test]
    public async Task Doctor_FindsEverythingReadyAndEveryHashAsStated()
    {
        CommandResult result = await CommandLine.RunAsync("doctor", "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        JsonElement model = result.Json.GetProperty("models")[0];
        JsonElement weights = model.GetProperty("files").EnumerateArray().Single(file => file.GetProperty("name").GetString() == "model.onnx");
        Assert.That(weights.GetProperty("matches").GetBoolean());
        Assert.That(model.GetProperty("capabilities").GetString(), Does.Contain("rewind yes"));
        Assert.That(result.Json.GetProperty("machine").GetProperty("cpuFeatures").GetArrayLength(), Is.Positive);
    }
}
