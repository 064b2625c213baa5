using Ensemble.Cli.Tests.Running;
using Ensemble.Testing;

namespace Ensemble.Cli.Tests;

/// <summary>What commands book, and what <c>usage</c> shows of it.</summary>
public class UsageTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ensemble-usage-").FullName;

    private string Ledger => Path.Combine(_folder, "data", "ledger.db");

    [TearDown]
    public void Forget() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task EmptyLedger_SaysSo_AndNoFileIsMade()
    {
        CommandResult result = await new CommandLine { Ledger = Ledger }.StartAsync("usage");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("Nothing has been used yet").And.Contain(Ledger));
        Assert.That(File.Exists(Ledger), Is.False);
    }

    [Test]
    public async Task Ask_BooksItsTokens_AndUsageShowsThem([Values("model", "day", "tenant")] string by)
    {
        await AskAsync();
        await AskAsync();
        CommandResult json = await new CommandLine { Ledger = Ledger }.StartAsync("usage", "--by", by, "--json");
        Assert.That(json.ExitCode, Is.Zero, json.ToString());
        Assert.That(json.Json.GetProperty("total").GetProperty("calls").GetInt64(), Is.EqualTo(2));
        Assert.That(json.Json.GetProperty("total").GetProperty("inputTokens").GetInt64(), Is.EqualTo(14));
        CommandResult table = await new CommandLine { Ledger = Ledger }.StartAsync("usage", "--by", by);
        Assert.That(table.Out, Does.Contain("total").And.Contain(by == "model" ? "scripted" : by == "day" ? "20" : "(none)"));
        Assert.That(table.Out, Does.Contain("2 of unknown price"), "an unknown price is never shown as nothing");
    }

    [Test]
    public async Task LedgerThatCannotBeWritten_IsSaidOnce_AndTheAnswerComesAllTheSame()
    {
        string file = Path.Combine(_folder, "a file");
        await File.WriteAllTextAsync(file, "no folder");
        CommandResult result = await AskAsync(Path.Combine(file, "ledger.db"));
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Out, Does.Contain("Seoul"));
        Assert.That(result.Error.Split("Usage is not recorded").Length - 1, Is.EqualTo(1), result.Error);
    }

    [Test]
    public async Task MonthlyCap_HoldsAcrossCommands_AndUsageShowsWhatIsLeft()
    {
        using TemporaryFile config = new("""
            { "Ensemble": { "Models": { "local": { "Provider": "local", "Model": "smollm2-135m-instruct" } },
              "Budgets": { "monthly": { "Usd": 0.5, "Per": "month", "TimeZone": "UTC" } } } }
            """);
        CommandResult refused = await new CommandLine { Ledger = Ledger, Scripted = Member() }.StartAsync("ask", "Hello", "--model", "scripted", "--config", config.Path);
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.Failed), "its price is unknown, so no cap can tell");
        Assert.That(refused.Error, Does.Contain("price of 'scripted' is unknown"));
        await AskAsync();
        CommandResult usage = await new CommandLine { Ledger = Ledger }.StartAsync("usage", "--config", config.Path, "--json");
        Assert.That(usage.Json.GetProperty("budgets")[0].GetProperty("leftUsd").GetDecimal(), Is.EqualTo(0.5m), usage.ToString());
    }

    [Test]
    public async Task CapWhoseLedgerCannotBeWritten_IsAnError_NeverPassedOver()
    {
        string file = Path.Combine(_folder, "a file");
        await File.WriteAllTextAsync(file, "no folder");
        using TemporaryFile config = new("""{ "Ensemble": { "Models": { "local": { "Provider": "local", "Model": "smollm2-135m-instruct" } }, "Budgets": { "monthly": { "Usd": 1, "Per": "month" } } } }""");
        CommandResult result = await new CommandLine { Ledger = Path.Combine(file, "ledger.db") }.StartAsync("ask", "Hello", "--config", config.Path, "--max-tokens", "4");
        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain("cannot be used").And.Contain("ENSEMBLE_LEDGER"));
    }

    [Test]
    public async Task CapWithoutALedger_IsAnErrorWhenItIsNeeded_AndValidToCheck()
    {
        using TemporaryFile config = new("""{ "Ensemble": { "Models": { "local": { "Provider": "local", "Model": "smollm2-135m-instruct" } }, "Budgets": { "monthly": { "Usd": 1, "Per": "month" } } } }""");
        CommandResult check = await CommandLine.RunAsync("config", "check", "--config", config.Path);
        Assert.That(check.ExitCode, Is.Zero, check.ToString());
        CommandResult ask = await CommandLine.RunAsync("ask", "Hello", "--config", config.Path, "--max-tokens", "4");
        Assert.That(ask.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(ask.Error, Does.Contain("needs a ledger"));
    }

    [Test]
    public async Task CommandsAtTheSameTime_LoseNoBooking()
    {
        CommandResult[] results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskAsync()));
        Assert.That(results.Select(result => result.ExitCode), Is.All.Zero);
        CommandResult usage = await new CommandLine { Ledger = Ledger }.StartAsync("usage", "--json");
        Assert.That(usage.Json.GetProperty("total").GetProperty("calls").GetInt64(), Is.EqualTo(8), usage.ToString());
    }

    private static ScriptedMember Member() => new ScriptedMember("scripted").Always(AnswerScript.Text("Seoul").ReportingUsage(7, 3));

    private Task<CommandResult> AskAsync(string? ledger = null) =>
        new CommandLine { Ledger = ledger ?? Ledger, Scripted = Member() }.StartAsync("ask", "Which city?", "--model", "scripted");
}
