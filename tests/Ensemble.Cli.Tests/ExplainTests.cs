using System.Text.Json;
using Ensemble.Cli.Tests.Running;

namespace Ensemble.Cli.Tests;

public class ExplainTests
{
    private const string Application =
        """
        { "Ensemble": {
            "Default": "main",
            "Models": {
              "local": { "Provider": "local", "Model": "smollm2-135m-instruct", "Quality": 0.3 },
              "mini": { "Provider": "openai", "Model": "gpt-5-mini", "Quality": 0.8, "Processing": "global" },
              "large": { "Provider": "openai", "Model": "gpt-5", "Quality": 0.9, "Processing": "EU" } },
            "Tenants": { "bank": { "Require": { "Regions": [ "EU" ] } } },
            "Compositions": { "main": { "Kind": "route", "Members": "local, mini, large", "Objective": "cheapest", "MinQuality": 0.7, "Require": { "KeepLocal": "All" } } } } }
        """;

    [Test]
    public async Task Json_HoldsProfile_Verdicts_Prices_AndThePlan_WithoutAKey()
    {
        JsonElement explained = await ExplainAsync("What is the capital of South Korea?");
        Assert.That(explained.GetProperty("plan").EnumerateArray().Select(name => name.GetString()), Is.EqualTo(new[] { "mini", "large" }));
        Assert.That(explained.GetProperty("profile").GetProperty("language").GetString(), Is.EqualTo("en"));
        JsonElement local = Candidate(explained, "local");
        Assert.That(local.TryGetProperty("rank", out _), Is.False);
        Assert.That(local.GetProperty("verdicts").GetProperty("Quality").GetString(), Does.Contain("below 0.7"));
        Assert.That(local.GetProperty("place").GetString(), Is.EqualTo("in process"));
        Assert.That(local.GetProperty("expectedUsd").GetDecimal(), Is.Zero);
        Assert.That(Candidate(explained, "mini").GetProperty("expectedUsd").GetDecimal(), Is.Positive);
        Assert.That(Candidate(explained, "mini").GetProperty("verdicts").GetProperty("Residency").GetString(), Is.EqualTo("not set"));
        Assert.That(Candidate(explained, "mini").GetProperty("verdicts").GetProperty("Quality").GetString(), Is.EqualTo("passes"));
    }

    [TestCase("mini", ExitCode.Negative)]
    [TestCase("jury", ExitCode.Ok)]
    [TestCase("hosted", ExitCode.Negative)]
    public async Task WithoutAnObjective_MembersVerdictsAndPricesAreShownToo_AndNobodyIsThree(string name, int expected)
    {
        using TemporaryFile file = new(Application.Replace("\"Compositions\": {", """ "Compositions": { "jury": { "Kind": "panel", "Members": "mini, large" }, "hosted": { "Kind": "cascade", "Members": "mini, mini", "DeferBelow": { "Agreement": 0.5 } },""", StringComparison.Ordinal));
        CommandResult result = await CommandLine.RunAsync("explain", "Hello", "-m", name, "--tenant", "BANK", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(expected), result.ToString());
        Assert.That(result.Out, Does.Contain("- mini (gpt-5-mini; global)").And.Contain("Residency: inference runs in 'global'").And.Contain("Quality: not set").And.Contain("expected for"));
        Assert.That(result.Out, expected == ExitCode.Ok ? Does.Contain("1 large (gpt-5; EU)").And.Contain("Residency: passes") : Does.Contain("nobody qualifies"));
    }

    [Test]
    public async Task ATenantThatIsNotKnown_IsAMistake()
    {
        using TemporaryFile file = new(Application);
        CommandResult result = await CommandLine.RunAsync("explain", "Hello", "--tenant", "bnak", "--config", file.Path);
        Assert.That(result.ExitCode, Is.Not.EqualTo(ExitCode.Ok));
        Assert.That(result.Error, Does.Contain("The tenant 'bnak' is not under Ensemble:Tenants. Did you mean 'bank'?"));
    }

    [Test]
    public async Task ConfigCheck_FindsAnEmbeddingModelThatIsNotThere_AndExplainNeedsNone()
    {
        using TemporaryFile file = new(Application.Replace("\"Compositions\": {", """ "Embeddings": { "e5": { "Provider": "local", "Model": "multilingual-e6" } }, "Compositions": {""", StringComparison.Ordinal));
        CommandResult result = await CommandLine.RunAsync("config", "check", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Negative));
        Assert.That(result.Out, Does.Contain("Ensemble:Embeddings:e5:Model is 'multilingual-e6': ").And.Contain("add the package Ensemble.Models.E5Small"));
    }

    [Test]
    public async Task RulesOfATenant_HoldToo()
    {
        JsonElement explained = await ExplainAsync("What is the capital of South Korea?", "--tenant", "bank");
        Assert.That(explained.GetProperty("plan").EnumerateArray().Select(name => name.GetString()), Is.EqualTo(new[] { "large" }));
        Assert.That(Candidate(explained, "mini").GetProperty("verdicts").GetProperty("Residency").GetString(), Is.Not.EqualTo("passes"));
    }

    [Test]
    public async Task Text_SaysWhyNobodyMayAnswer()
    {
        using TemporaryFile file = new(Application);
        CommandResult result = await CommandLine.RunAsync("explain", "My mail is ada@example.com", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Negative), result.ToString());
        Assert.That(result.Out, Does.Contain("nobody qualifies").And.Contain("sensitive data Email (message 1, characters 12 to 26)").And.Contain("SensitiveData: "));
    }

    [Test]
    public async Task Json_SaysWhereSensitiveDataStands_AndNotWhatItIs()
    {
        JsonElement explained = await ExplainAsync("My mail is ada@example.com, and card 4111 1111 1111 1111", "-m", "local");
        JsonElement places = explained.GetProperty("profile").GetProperty("sensitivePlaces");
        Assert.That(places.EnumerateArray().Select(place => (place.GetProperty("kind").GetString(), place.GetProperty("where").GetString(), place.GetProperty("start").GetInt32(), place.GetProperty("length").GetInt32())),
            Is.EqualTo(new[] { ("Email", "message 1", 11, 15), ("PaymentCard", "message 1", 37, 19) }));
        Assert.That(explained.GetRawText(), Does.Not.Contain("ada@").And.Not.Contain("4111"));
    }

    [Test]
    public async Task ModelThatTheToolBrings_IsExplainedToo()
    {
        CommandResult result = await CommandLine.RunAsync("explain", "Hello", "--json");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Json.GetProperty("plan")[0].GetString(), Is.EqualTo("local"));
    }

    [Test]
    public async Task ConfigCheck_ListsEveryMistake_AndEndsWithThree()
    {
        using TemporaryFile good = new(Application);
        CommandResult right = await CommandLine.RunAsync("config", "check", "--config", good.Path);
        Assert.That((right.ExitCode, right.Out), Is.EqualTo((ExitCode.Ok, "The configuration is right: 3 models, 1 composition." + Environment.NewLine)));
        using TemporaryFile bad = new(Application.Replace("\"KeepLocal\"", "\"KepLocal\"", StringComparison.Ordinal).Replace("\"EU\" ]", "\"EUU\" ]", StringComparison.Ordinal));
        CommandResult wrong = await CommandLine.RunAsync("config", "check", "--config", bad.Path);
        Assert.That(wrong.ExitCode, Is.EqualTo(ExitCode.Negative));
        Assert.That(wrong.Out, Does.Contain("Ensemble:Compositions:main:Require:KepLocal: unknown key. Did you mean 'KeepLocal'?").And.Contain("Ensemble:Tenants:bank:Require:Regions: 'EUU'"));
        CommandResult json = await CommandLine.RunAsync("config", "check", "--config", bad.Path, "--json");
        Assert.That(json.Json.GetProperty("problems").GetArrayLength(), Is.EqualTo(2));
    }

    [TestCase("""{"Ensembel":{"Models":{}, "Default":"a"}}""", "Ensembel: unknown, and there is no section 'Ensemble'. Did you mean 'Ensemble'?")]
    [TestCase("""{"Ensembel":{}}""", "Ensembel: unknown, and there is no section 'Ensemble'. Did you mean 'Ensemble'?")]
    [TestCase("""{"Ensemble":{"Models":{"a":{"Provider":"local","Model":"smollm2-135m-instrukt"}}}}""", "Ensemble:Models:a:Model: There is no model 'smollm2-135m-instrukt'")]
    [TestCase("""{"Logging":{"Level":"a"}}""", "Ensemble: there is no such section, or it is empty")]
    public async Task ConfigCheck_AFileWithoutTheSection_IsAMistake(string content, string expected)
    {
        using TemporaryFile file = new(content);
        CommandResult result = await CommandLine.RunAsync("config", "check", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Negative));
        Assert.That(result.Out, Does.Contain(expected));
    }

    [Test]
    public async Task ConfigCheck_AKeyThatStandsTwice_IsAFindingToo()
    {
        using TemporaryFile file = new("""{"Ensemble":{"Tenants":{"bank":{"Objective":"best"},"BANK":{"Objective":"cheapest"}}}}""");
        CommandResult result = await CommandLine.RunAsync("config", "check", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Negative), result.ToString());
        Assert.That(result.Out, Does.Contain("Ensemble:Tenants:BANK:Objective").And.Contain("merge them, or rename one"));
    }

    [Test]
    public async Task ConfigCheck_DataThatTheApplicationFinds_IsARemark_AndNoMistake()
    {
        using TemporaryFile file = new(Application.Replace("\"bank\":", "\"clinic\": { \"Require\": { \"KeepLocal\": [ \"Email\", \"Custom\" ] } }, \"bank\":", StringComparison.Ordinal));
        CommandResult result = await CommandLine.RunAsync("config", "check", "--config", file.Path);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Error, Does.Contain("KeepLocal").And.Contain("SensitiveTextDetector of the application"));
    }

    [Test]
    public async Task Explain_DataThatOnlyTheApplicationFinds_StaysLocal_AndTheReasonIsSaid()
    {
        const string Json = """
            { "Ensemble": { "Models": { "home": { "Provider": "local", "Model": "smollm2-135m-instruct" }, "mini": { "Provider": "openai", "Model": "gpt-5-mini" } },
              "Compositions": { "free": { "Kind": "route", "Members": "mini, home", "Objective": "order" },
                                "kept": { "Kind": "route", "Members": "mini, home", "Require": { "KeepLocal": [ "Email", "Custom" ] } } } } }
            """;
        using TemporaryFile file = new(Json);
        CommandResult kept = await CommandLine.RunAsync("explain", "When does Project Aurora start?", "--config", file.Path, "--model", "kept", "--json");
        Assert.That(kept.Json.GetProperty("plan").EnumerateArray().Select(member => member.GetString()), Is.EqualTo(new[] { "home" }), kept.ToString());
        Assert.That(kept.Error, Does.Contain("SensitiveTextDetector of the application").And.Contain("stays local"));
        CommandResult free = await CommandLine.RunAsync("explain", "When does Project Aurora start?", "--config", file.Path, "--model", "free", "--json");
        Assert.That(free.Json.GetProperty("plan").EnumerateArray().Select(member => member.GetString()), Is.EqualTo(new[] { "mini", "home" }), free.ToString());
    }

    [Test]
    public async Task ConfigSchema_IsThatOfThePackage()
    {
        CommandResult result = await CommandLine.RunAsync("config", "schema");
        Assert.That(result.Out, Is.EqualTo(ConfigurationSchema.Write()));
    }

    [Test]
    public async Task Prices_AreListedWithSourceAndDate_AndCheckedForAConfiguration()
    {
        CommandResult listed = await CommandLine.RunAsync("models", "prices", "--provider", "OpenAI", "--json");
        Assert.That(listed.Json.EnumerateArray().Select(line => line.GetProperty("provider").GetString()), Is.All.EqualTo("openai").And.Not.Empty);
        using TemporaryFile file = new("""{ "Ensemble": { "Models": { "a": { "Provider": "openai", "Model": "never-heard-of" }, "b": { "Provider": "local", "Model": "smollm2-135m-instruct" } } } }""");
        CommandResult check = await CommandLine.RunAsync("models", "prices", "--check", "--config", file.Path);
        Assert.That(check.ExitCode, Is.EqualTo(ExitCode.Negative), check.ToString());
        Assert.That(check.Out, Is.EqualTo("a: the price of 'never-heard-of' is unknown; set Price on the model." + Environment.NewLine));
        Assert.That((await CommandLine.RunAsync("models", "prices", "--provider", "nobody")).Error, Does.Contain("It has: "));
    }

    [TestCase("local", "in process")]
    [TestCase("gpt-5-mini", "per million")]
    public async Task Show_KnowsModelsOfTheConfigurationAndWellKnownOnes(string name, string part)
    {
        CommandResult result = await CommandLine.RunAsync("models", "show", name);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Out, Does.StartWith(name + ": ").And.Contain(part));
    }

    [Test]
    public async Task Show_OfAnUnknownModel_IsAMistake()
    {
        CommandResult result = await CommandLine.RunAsync("models", "show", "nothing-like-it");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("There is no model 'nothing-like-it'"));
    }

    private static JsonElement Candidate(JsonElement explained, string name) =>
        explained.GetProperty("candidates").EnumerateArray().Single(candidate => candidate.GetProperty("name").GetString() == name);

    private static async Task<JsonElement> ExplainAsync(params string[] args)
    {
        using TemporaryFile file = new(Application);
        CommandResult result = await CommandLine.RunAsync(["explain", .. args, "--config", file.Path, "--json"]);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        return result.Json;
    }
}
