using System.CommandLine;
using System.Text.Json;

namespace Ensemble.Cli;

/// <summary><c>models prices</c>: the dated price table, and whether it can be relied on for the models of a configuration.</summary>
internal static class PricesCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Option<string?> config = CommonOptions.Config();
        Option<string?> provider = new("--provider") { Description = "Only the models of this provider.", HelpName = "name" };
        Option<bool> check = new("--check") { Description = "Check the prices of the configuration's models instead: unknown, disputed or old ones, and models that are withdrawn. Ends with 3 if there is any." };
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("prices", "Lists what well-known models cost, in US dollars for a million tokens, each with its source and date.")
        {
            Examples =
            [
                new("ensemble models prices --provider anthropic", "the list prices of one provider"),
                new("ensemble models prices --check --config appsettings.json", "what is unknown, disputed, old or withdrawn"),
            ],
        };
        command.Add(config);
        command.Add(provider);
        command.Add(check);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            if (parsed.GetValue(check))
            {
                await using EnsembleSession session = EnsembleSession.Open(context, parsed.GetValue(config));
                PriceFinding[] findings = [.. PriceCheck.Run(session.Clients, DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime))];
                context.Terminal.Out.WriteLine(
                    parsed.GetValue(json) ? JsonSerializer.Serialize(findings, CliJson.Readable.PriceFindingArray)
                    : findings.Length == 0 ? "The price of every model is known, undisputed and recent."
                    : string.Join(Environment.NewLine, findings.Select(finding => $"{finding.Model}: {finding.Problem}")));
                return findings.Length == 0 ? ExitCode.Ok : ExitCode.Negative;
            }

            ModelCard[] cards = [.. ModelCatalog.Default.Cards.Where(card => parsed.GetValue(provider) is not { } only || only.Equals(card.Provider, StringComparison.OrdinalIgnoreCase))];
            if (cards.Length == 0)
            {
                string known = string.Join(", ", ModelCatalog.Default.Cards.Select(card => card.Provider).OfType<string>().Distinct().Order(StringComparer.Ordinal));
                throw new CliException($"The price table has no provider '{parsed.GetValue(provider)}'. It has: {known}.");
            }

            PriceLine[] lines = [.. cards.Select(PriceLine.Of).OrderBy(line => line.Provider, StringComparer.Ordinal).ThenBy(line => line.Id, StringComparer.Ordinal)];
            context.Terminal.Out.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(lines, CliJson.Readable.PriceLineArray)
                : string.Join(Environment.NewLine, lines.Select(line => line.ToString())));
            return ExitCode.Ok;
        });
        return command;
    }
}
