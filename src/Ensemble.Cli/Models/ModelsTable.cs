using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Shows the models to a person.</summary>
internal static class ModelsTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(IAnsiConsole console, ModelsOutput output)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumns("name", "kind", "what", "ready");
        foreach (ModelEntry model in output.Models)
        {
            table.AddRow(
                new Text(model.Name == output.Default ? $"{model.Name} (default)" : model.Name),
                new Text(model.Kind),
                new Text(model.What),
                model.Problem is null ? new Text("yes", new Style(Color.Green)) : new Paragraph("no", new Style(Color.Red)).Append($": {model.Problem}"));
        }

        console.Write(table);
        Table providers = new Table().Border(TableBorder.Simple).AddColumns("hosted provider", "ready");
        foreach (ProviderEntry provider in output.Providers)
        {
            providers.AddRow(new Text(provider.Name), provider.Ready ? new Text("yes", new Style(Color.Green)) : new Text($"no: {string.Join(", ", provider.Missing)}"));
        }

        console.Write(providers);
    }
}
