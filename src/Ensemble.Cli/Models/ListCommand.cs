using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Ensemble.Cli;

/// <summary><c>models list</c>: what the store of this machine holds.</summary>
internal static class ListCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("list", "Lists the models of this machine's store: size, licence, source.") { Examples = [new("ensemble models list", "what was added with 'ensemble models add'")] };
        command.Add(json);
        command.SetAction(parsed =>
        {
            StoredModel[] models = [.. new ModelStore(context.StoreRoot, context.Time).List()];
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(models, CliJson.Readable.StoredModelArray));
                return ExitCode.Ok;
            }

            if (models.Length == 0)
            {
                context.Terminal.Hint($"The store '{context.StoreRoot}' is empty: ensemble models add …");
                return ExitCode.Ok;
            }

            Table table = new Table().Border(TableBorder.Simple).AddColumns("name", "size", "licence", "source");
            foreach (StoredModel model in models)
            {
                table.AddTextRow(model.Name, ByteSize.Of(model.Bytes), model.License ?? "not stated", model.Source);
            }

            context.Terminal.RichOut.Write(table);
            return ExitCode.Ok;
        });
        return command;
    }
}
