using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ensemble.Cli;

/// <summary>The whole command line: builds the command tree, runs one command, and turns every end into an exit code.</summary>
internal static class EnsembleTool
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="context">What the commands may touch.</param>
    /// <param name="cancellationToken">Stops the command beside the process's own signals.</param>
    /// <returns>The exit code, one of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await InvokeAsync(args, context, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Cancelled;
        }
        catch (IOException error) when (StandardOutput.IsClosed(error))
        {
            // The reader has all that it wanted: "ensemble … | head -1".
            return ExitCode.Ok;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            (string message, int exitCode) = ErrorReport.Explain(error);
            context.Terminal.Fail(message);
            return exitCode;
        }
    }

    /// <summary>Builds the command tree. A verb is a folder; a later one is one line here.</summary>
    internal static Command CreateRoot(CliContext context)
    {
        ExampleCommand root = new("ensemble", "Asks language models, one or many, and shows what happened. Works offline with the model it brings.")
        {
            Examples =
            [
                new("ensemble ask \"What is the capital of South Korea?\"", "one answer, streamed"),
                new("ensemble ask \"Is the sun hot or cold?\" --panel 5 --choices hot,cold", "five voters, counted, with a receipt"),
                new("cat notes.txt | ensemble ask \"Summarise this:\" -", "the dash stands for standard input"),
                new("ensemble doctor", "what is ready, what is missing, and the fix"),
            ],
            Epilogue = ExitCode.Description,
        };
        root.Subcommands.Add(AskCommand.Create(context));
        root.Subcommands.Add(ChatCommand.Create(context));
        root.Subcommands.Add(CompareCommand.Create(context));
        root.Subcommands.Add(ScoreCommand.Create(context));
        root.Subcommands.Add(ExplainCommand.Create(context));
        root.Subcommands.Add(ClassifyCommand.Create(context));
        root.Subcommands.Add(ModelsCommand.Create(context));
        root.Subcommands.Add(ConfigCommand.Create(context));
        root.Subcommands.Add(DoctorCommand.Create(context));
        root.Subcommands.Add(UsageCommand.Create(context));
        root.Subcommands.Add(CountCommand.Create(context));
        root.Subcommands.Add(TruncateCommand.Create(context));
        root.Subcommands.Add(CompletionCommand.Create(context));
        root.Options.Add(new HelpOption { Action = new ExampleHelpAction() });
        root.Options.Add(VersionOptionFactory.Create(context));
        return root;
    }

    private static async Task<int> InvokeAsync(IReadOnlyList<string> args, CliContext context, CancellationToken cancellationToken)
    {
        if (args is [CompletionCommand.Suggest, ..])
        {
            foreach (string text in CompletionCommand.SuggestFor(context, args.Count > 1 ? args[1] : ""))
            {
                await context.Terminal.Out.WriteLineAsync(text);
            }

            return ExitCode.Ok;
        }

        // Without this a question that starts with @ would be read as the name of a file of arguments.
        ParserConfiguration parsing = new() { ResponseFileTokenReplacer = null };
        Command root = CreateRoot(context);
        ParseResult parsed = root.Parse(args, parsing);
        InvocationConfiguration invocation = new()
        {
            Output = context.Terminal.Out,
            Error = context.Terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = context.HandlesSignals ? TimeSpan.FromSeconds(2) : null,
        };
        if (parsed.Action is ParseErrorAction)
        {
            if (args.Count == 0)
            {
                return await root.Parse(["--help"], parsing).InvokeAsync(invocation, cancellationToken) == ExitCode.Ok ? ExitCode.Usage : ExitCode.Failed;
            }

            context.Terminal.Fail(UsageReport.Explain(parsed));
            context.Terminal.Hint($"See: {CommandPath(parsed.CommandResult.Command)} --help");
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    private static string CommandPath(Command command)
    {
        string path = command.Name;
        for (Symbol? parent = command.Parents.FirstOrDefault(); parent is not null; parent = parent.Parents.FirstOrDefault())
        {
            path = $"{parent.Name} {path}";
        }

        return path;
    }
}
