using System.CommandLine;

namespace Ensemble.Cli;

/// <summary><c>count</c>: the exact number of tokens of files, lines or fields.</summary>
internal static class CountCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string[]> files = new("file") { Description = "Text files, UTF-8; '-' or nothing reads standard input.", Arity = ArgumentArity.ZeroOrMore };
        EncodingChoice encoding = new();
        Option<bool> ids = new("--ids") { Description = "The token ids instead of the numbers. Keeps the whole text in memory." };
        Option<bool> lines = new("--lines") { Description = "A count for each line, without its end." };
        Option<string?> field = new("--jsonl") { Description = "Each line is a JSON object: a count for this string in it.", HelpName = "field" };
        Option<long?> limit = new Option<long?>("--limit", "-n") { Description = "Exit code 3 when there are more tokens, all files together.", HelpName = "tokens" }.Between(0L, long.MaxValue);
        Option<bool> time = new("--time") { Description = "Say how long it took, on standard error." };
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("count", "Counts the tokens of texts exactly, as the model's own tokenizer does. Any size, in constant memory.")
        {
            Examples =
            [
                new("ensemble count README.md docs/cli.md", "tokens, characters and bytes of each and of all"),
                new("cat prompt.txt | ensemble count --model gpt-5-mini --limit 8000", "exit code 0 when it fits, 3 when not"),
                new("ensemble count --tokenizer ./my-model --ids prompt.txt", "the ids, by a model's own tokenizer.json"),
                new("ensemble count --jsonl prompt requests.jsonl", "a count for the field \"prompt\" of each line"),
            ],
        };
        command.Add(files);
        encoding.AddTo(command);
        foreach (Option option in (Option[])[ids, lines, field, limit, time, json])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if ((result.GetValue(ids) ? 1 : 0) + (result.GetValue(lines) ? 1 : 0) + (result.GetValue(field) is null ? 0 : 1) > 1)
            {
                result.AddError("--ids, --lines and --jsonl exclude each other: give one of them.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] named = parsed.GetValue(files) ?? [];
            OptionChecks.RefuseOptions(parsed, named);
            return await CountRunner.RunAsync(
                context,
                new CountRequest
                {
                    Files = TextSource.Named(named, context.Terminal, "Try: ensemble count README.md"),
                    Encoding = encoding.Read(parsed),
                    Ids = parsed.GetValue(ids),
                    Lines = parsed.GetValue(lines),
                    JsonField = parsed.GetValue(field),
                    Limit = parsed.GetValue(limit),
                    Time = parsed.GetValue(time),
                    Json = parsed.GetValue(json),
                },
                cancellationToken);
        });
        return command;
    }
}
