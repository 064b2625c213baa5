using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ensemble.Cli;

/// <summary>Prints the platform's help for a command, then the command's examples.</summary>
internal sealed class ExampleHelpAction : SynchronousCommandLineAction
{
    // Pages and pipes get the same lines whatever window the help was asked for in.
    private readonly HelpAction _help = new() { MaxWidth = 110 };

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        _help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ExampleCommand command)
        {
            WriteExamples(parseResult.InvocationConfiguration.Output, command);
        }

        return ExitCode.Ok;
    }

    private static void WriteExamples(TextWriter output, ExampleCommand command)
    {
        if (command.Examples.Count > 0)
        {
            output.WriteLine("Examples:");
            foreach (Example example in command.Examples)
            {
                output.WriteLine($"  # {example.Purpose}");
                output.WriteLine($"  {example.CommandLine}");
            }
        }

        if (command.Epilogue is { } epilogue)
        {
            output.WriteLine();
            output.WriteLine(epilogue);
        }
    }
}
