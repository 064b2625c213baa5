using System.CommandLine;
using System.Text.Json;

namespace Ensemble.Cli;

/// <summary><c>models show</c>: everything that is known of one model.</summary>
internal static class ShowCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> name = new("name") { Description = "A model of the configuration, or the id of a well-known one." };
        Option<string?> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("show", "Shows what is known of a model: window, limits, abilities, price with its source, place, quality. Loads nothing.")
        {
            Examples =
            [
                new("ensemble models show local", "the model that the tool brings"),
                new("ensemble models show gpt-5-mini", "a well-known model"),
            ],
        };
        command.Add(name);
        command.Add(config);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            await using EnsembleSession session = EnsembleSession.Open(context, parsed.GetValue(config));
            ModelSheet[] sheets = [.. ModelSheet.Find(session.Clients, parsed.GetRequiredValue(name), context.MeasuredRoot is { } measured ? new MeasuredModels(measured) : null)];
            context.Terminal.Out.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(sheets, CliJson.Readable.ModelSheetArray)
                : string.Join(Environment.NewLine + Environment.NewLine, sheets.Select(sheet => sheet.ToString())));
            return ExitCode.Ok;
        });
        return command;
    }
}
