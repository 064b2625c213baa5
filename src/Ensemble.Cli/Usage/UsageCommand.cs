using System.CommandLine;
using System.Text.Json;

namespace Ensemble.Cli;

/// <summary><c>usage</c>: what was asked, how many tokens it took, what it cost, and what is left of budgets.</summary>
internal static class UsageCommand
{
    private static readonly string[] Groups = ["model", "day", "tenant"];

    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Option<string> by = new("--by") { Description = "Group by model, day (of this machine's time zone) or tenant.", DefaultValueFactory = _ => Groups[0] };
        by.AcceptOnlyFromAmong(Groups);
        Option<string?> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("usage", "Shows what this user's commands have used: calls, tokens and cost, and with --config what is left of its budgets. Local models cost nothing.")
        {
            Examples =
            [
                new("ensemble usage", "by model"),
                new("ensemble usage --by day --json", "for scripts"),
                new("ensemble usage --config appsettings.json", "and the budgets of a configuration"),
            ],
            Epilogue = $"The ledger is a file in the user's local application data; {CliLedger.Variable} names another, or '{CliLedger.Off}' for none.",
        };
        command.Add(by);
        command.Add(config);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = context.LedgerFile ?? throw new CliException($"No ledger is kept: {CliLedger.Variable} is '{CliLedger.Off}', or there is no home folder. Set it to a file.");
            UsageOutput output = await ReadAsync(context, path, parsed.GetValue(by)!, parsed.GetValue(config), cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Readable.UsageOutput));
            }
            else if (output.Lines.Count == 0 && output.Budgets.Count == 0)
            {
                context.Terminal.Out.WriteLine($"Nothing has been used yet: the ledger '{path}' is empty. 'ensemble ask' books into it.");
            }
            else
            {
                UsageTable.Write(context.Terminal.RichOut, output);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<UsageOutput> ReadAsync(CliContext context, string path, string by, string? config, CancellationToken cancellationToken)
    {
        // Looking at a ledger makes none.
        if (!File.Exists(path))
        {
            return new UsageOutput(path, by, [], Sum([]), []);
        }

        await using EnsembleSession session = EnsembleSession.Open(context, config);
        Ledger ledger = session.Clients.Ledger!;
        UsageQuery query = new() { By = Enum.Parse<UsageGrouping>(by, ignoreCase: true), TimeZone = context.Time.LocalTimeZone };
        IReadOnlyList<UsageLine> lines = await ledger.GetUsageAsync(query, cancellationToken);
        List<BudgetLine> budgets = [];
        foreach (string? model in session.Clients.Models.Select(model => (string?)model.Name).Prepend(null))
        {
            budgets.AddRange((await ledger.GetBalancesAsync(new SpendContext(), model, cancellationToken))
                .Where(balance => model is null || balance.Budget.Scope is BudgetScope.Model)
                .Select(balance => new BudgetLine(balance.Budget.Name, balance.Subject, balance.Budget.Usd, balance.SpentUsd, balance.ReservedUsd, balance.LeftUsd, balance.ResetsAt)));
        }

        return new UsageOutput(path, by, lines, Sum(lines), budgets);
    }

    private static UsageLine Sum(IReadOnlyList<UsageLine> lines) => new()
    {
        Key = "",
        Calls = lines.Sum(line => line.Calls),
        InputTokens = lines.Sum(line => line.InputTokens),
        CachedInputTokens = lines.Sum(line => line.CachedInputTokens),
        OutputTokens = lines.Sum(line => line.OutputTokens),
        CostUsd = lines.Sum(line => line.CostUsd),
        UnpricedCalls = lines.Sum(line => line.UnpricedCalls),
        EstimatedCalls = lines.Sum(line => line.EstimatedCalls),
    };
}
