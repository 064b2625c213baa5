using System.CommandLine;
using System.Text.Json;
using Ensemble.Onnx;

namespace Ensemble.Cli;

/// <summary><c>models show</c>: everything that is known of one model.</summary>
internal static class ShowCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> name = new("name") { Description = "A model of the configuration, of the store or brought along, a model folder, or the id of a well-known one." };
        Option<string?> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("show", "Shows what is known of a model: window, limits, abilities, price with its source, place, quality. Loads nothing.")
        {
            Examples =
            [
                new("ensemble models show local", "the model that the tool brings"),
                new("ensemble models show gpt-5-mini", "a well-known model, at every provider that is known to offer it"),
                new("ensemble models show azure/gpt-5-mini", "the same at one provider"),
            ],
        };
        command.Add(name);
        command.Add(config);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            IReadOnlyList<ModelSheet> sheets = await FindAsync(context, parsed.GetValue(config), parsed.GetRequiredValue(name));
            context.Terminal.Out.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize([.. sheets], CliJson.Readable.ModelSheetArray)
                : string.Join(Environment.NewLine + Environment.NewLine, sheets.Select(sheet => sheet.ToString())));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<IReadOnlyList<ModelSheet>> FindAsync(CliContext context, string? config, string name)
    {
        MeasuredModels? memory = context.MeasuredRoot is { } measured ? new MeasuredModels(measured) : null;
        string[] configured;
        await using (EnsembleSession session = EnsembleSession.Open(context, config))
        {
            if (ModelSheet.FindConfigured(session.Clients, name, memory) is { } found)
            {
                return found;
            }

            configured = [.. session.Clients.Models.Select(model => model.Name)];
        }

        string[] stored = [.. new ModelStore(context.StoreRoot, context.Time).List().Select(model => model.Name)];
        if (LocalOf(context, name, stored) is { } local)
        {
            await using EnsembleSession session = EnsembleSession.Open(context, config, local);
            return [.. ModelSheet.FindConfigured(session.Clients, session.ChosenName, memory)!.Select(sheet => sheet with { Name = name })];
        }

        if (ModelSheet.FindWellKnown(name) is { Count: > 0 } known)
        {
            return known;
        }

        string[] here = [.. configured, .. stored, .. LocalModelInfo.ListShipped()];
        string hint = UsageReport.Nearest(name, here.Concat(ModelCatalog.Default.Cards.Select(card => card.Id))) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        throw new CliException($"There is no model '{name}'.{hint} Neither the configuration, the store nor the tool has it ({string.Join(", ", here.Distinct())}), nor is it among the well-known ones (ensemble models prices).");
    }

    /// <summary>Gives what stands for a local model that the configuration does not name: the folder that was meant or that the store has, or a name of what is brought along.</summary>
    private static string? LocalOf(CliContext context, string name, IReadOnlyList<string> stored) =>
        UnnamedModel.Parse(name) is { Provider: "local" } ? name
        : stored.FirstOrDefault(model => model.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } kept ? Path.GetFullPath(Path.Combine(context.StoreRoot, kept))
        : LocalModelInfo.ListShipped().FirstOrDefault(model => model.Equals(name, StringComparison.OrdinalIgnoreCase));
}
