using System.CommandLine;
using Ensemble.Tokenization;

namespace Ensemble.Cli;

/// <summary><c>truncate</c>: the longest beginning or end of a text that has at most so many tokens.</summary>
internal static class TruncateCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string?> file = new("file") { Description = "A text file, UTF-8; '-' or nothing reads standard input.", Arity = ArgumentArity.ZeroOrOne };
        EncodingChoice encoding = new();
        Option<long?> limit = new Option<long?>("--limit", "-n") { Description = "The most tokens to keep.", HelpName = "tokens", Required = true }.Between(0L, long.MaxValue);
        Option<bool> tail = new("--tail") { Description = "Keep the end of the text instead of its beginning." };
        Option<bool> graphemes = new("--graphemes") { Description = "Split no letter from its accents and no emoji from its modifiers." };
        ExampleCommand command = new("truncate", "Cuts a text to a number of tokens: writes the longest beginning, or end, that fits.")
        {
            Examples =
            [
                new("ensemble truncate --limit 1000 report.txt", "the first thousand tokens"),
                new("cat log.txt | ensemble truncate --limit 4000 --tail --model gpt-5-mini", "the last four thousand"),
            ],
        };
        command.Add(file);
        encoding.AddTo(command);
        foreach (Option option in (Option[])[limit, tail, graphemes])
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] named = parsed.GetValue(file) is { } path ? [path] : [];
            OptionChecks.RefuseOptions(parsed, named);
            string source = TextSource.Named(named, context.Terminal, "Try: ensemble truncate --limit 1000 report.txt")[0];
            TokenEncoding tokens = encoding.Read(parsed);
            string text = await TextSource.ReadAllAsync(source, context.Terminal, cancellationToken);
            TextEnd keep = parsed.GetValue(tail) ? TextEnd.Tail : TextEnd.Head;
            int cut = tokens.IndexOfLimit(text, parsed.GetValue(limit)!.Value, keep, parsed.GetValue(graphemes) ? TextUnit.Grapheme : TextUnit.Character);
            context.Terminal.Out.Write(keep == TextEnd.Head ? text.AsSpan(0, cut) : text.AsSpan(cut));
            return ExitCode.Ok;
        });
        return command;
    }
}
