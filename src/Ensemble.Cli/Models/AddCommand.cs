using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ensemble.Onnx;

namespace Ensemble.Cli;

/// <summary><c>models add</c>: fetches a model into the store of this machine.</summary>
internal static class AddCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> source = new("source") { Description = "hf:owner/name[/folder][@revision] of Hugging Face, the https address of a folder with SHA256SUMS, or a folder of this machine." };
        Option<string?> name = new("--name", "-n") { Description = "The name to ask it by. Without it: from the source.", HelpName = "name" };
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask; needed where nobody can answer." };
        Option<string?> mirror = new("--mirror") { Description = $"A mirror of Hugging Face. Without it: {ModelSource.MirrorVariable}, or https://huggingface.co.", HelpName = "address" };
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("add", $"Fetches a model into the store of this machine, after saying its size and licence. Interrupted downloads go on where they ended. {ModelSource.TokenVariable} opens what needs a login; it goes to Hugging Face, or the mirror, and nowhere else.")
        {
            Examples =
            [
                new("ensemble models add hf:owner/name/folder@main", "one folder of a repository; it says the size and asks"),
                new("ensemble models add ./exported-model --name mine --yes", "a copy of a folder"),
                new("ensemble models add https://models.example.com/tiny/", "a folder on a web server, with SHA256SUMS in it"),
            ],
            Epilogue = $"The store is ensemble/models in your folder of local application data, or the folder that {LocalModelStore.RootVariable} names.",
        };
        command.Add(source);
        foreach (Option option in (Option[])[name, yes, mirror, json])
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            string from = parsed.GetRequiredValue(source);
            Terminal terminal = context.Terminal;
            using StoreHttp http = ModelSource.CreateHttp(context, from, parsed.GetValue(mirror));
            ModelPlan plan;
            try
            {
                plan = await ModelSource.PlanAsync(context, http, from, parsed.GetValue(name), parsed.GetValue(mirror), cancellationToken);
            }
            catch (HttpRequestException error)
            {
                throw new CliException($"The source cannot be reached: {error.Message} Check the network, or name a mirror with --mirror.", ExitCode.Failed);
            }

            string unknown = plan.Files.Any(file => file.Bytes is null) ? " and more, whose size the server does not say" : "";
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plan.Name}: {plan.Files.Count} files, {ByteSize.Of(plan.Bytes)}{unknown}"));
            terminal.Error.WriteLine($"  from     {plan.Source}");
            terminal.Error.WriteLine($"  licence  {plan.License ?? "not stated: read it at the source before you use the model"}");
            terminal.Error.WriteLine($"  to       {Path.Combine(context.StoreRoot, plan.Name)}");
            if (!parsed.GetValue(yes) && !await ConfirmAsync(terminal, cancellationToken))
            {
                terminal.Hint("Nothing was added.");
                return ExitCode.Negative;
            }

            ModelStore store = new(context.StoreRoot, context.Time);
            DownloadProgress progress = new(terminal, plan.Bytes);
            StoredModel model = await store.AddAsync(plan, http, context.RetryDelay, progress.Add, () => terminal.Hint("Another process works on this model; waiting for it."), cancellationToken);
            progress.End();
            terminal.Out.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(model, CliJson.Readable.StoredModel)
                : $"{model.Name} is in the store. Try: ensemble ask \"Hello\" --model {model.Name}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<bool> ConfirmAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        if (terminal.Features.InputIsRedirected)
        {
            throw new CliException("Nobody can answer whether to add it: say --yes.");
        }

        terminal.Error.Write("Add it? [y/N] ");
        string? answer = await terminal.In.ReadLineAsync(cancellationToken);
        return answer?.Trim().ToLowerInvariant() is "y" or "yes";
    }
}
