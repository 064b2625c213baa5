using System.CommandLine;
using System.Text.Json;

namespace Ensemble.Cli;

/// <summary><c>models</c>: what can be asked. Verbs about models are its subcommands.</summary>
internal static class ModelsCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Option<string?> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("models", "Lists the models and compositions that can be asked, and whether each is ready. Loads none.")
        {
            Examples =
            [
                new("ensemble models", "what the tool brings"),
                new("ensemble models --config appsettings.json", "what an application has configured"),
                new("ensemble models add hf:owner/name/folder", "fetch a model into the store of this machine"),
                new("ensemble models list", "what the store holds"),
                new("ensemble models show gpt-5-mini", "what is known of one model"),
                new("ensemble models prices --check --config appsettings.json", "prices that cannot be relied on"),
            ],
        };
        command.Subcommands.Add(AddCommand.Create(context));
        command.Subcommands.Add(ListCommand.Create(context));
        command.Subcommands.Add(VerifyCommand.Create(context));
        command.Subcommands.Add(RemoveCommand.Create(context));
        command.Subcommands.Add(MeasureCommand.Create(context));
        command.Subcommands.Add(PricesCommand.Create(context));
        command.Subcommands.Add(ShowCommand.Create(context));
        command.Add(config);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            await using EnsembleSession session = EnsembleSession.Open(context, parsed.GetValue(config));
            ModelsOutput output = ModelsOutput.Create(session.Clients);
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Readable.ModelsOutput));
            }
            else
            {
                ModelsTable.Write(context.Terminal.RichOut, output);
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
