using System.CommandLine;

namespace Ensemble.Cli;

/// <summary><c>ask</c>: one question, answered by one model or by a panel that votes.</summary>
internal static class AskCommand
{
    /// <summary>The limit of an answer in tokens unless the user gives one: some paragraphs, and an end for a small model that would ramble.</summary>
    public const int DefaultMaxTokens = 512;

    /// <summary>The temperature of a panel's voters unless the user gives one: at 0 all of them would say the same.</summary>
    public const float PanelTemperature = 0.7f;

    /// <summary>The most voters of one question; curves are flat from 9 on.</summary>
    public const int MaximumPanel = 99;

    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        AskArguments arguments = new();
        ExampleCommand command = new("ask", "Asks one question and streams the answer. The answer goes to standard output, everything else to standard error.")
        {
            Examples =
            [
                new("ensemble ask \"What is the capital of South Korea?\"", "one answer at temperature 0: the same every time"),
                new("cat mail.txt | ensemble ask \"Summarise this mail:\" -", "the dash stands for standard input"),
                new("ensemble ask \"Is the sun hot or cold?\" --panel 5 --choices hot,cold", "five voters; ballots as they arrive, then the receipt"),
                new("ensemble ask \"Name a city and its country.\" --schema city.schema.json", "an answer that cannot be invalid JSON"),
                new("ensemble ask \"Hello!\" --config appsettings.json --model main", "a model or composition of an application"),
                new("ensemble ask \"What is the capital of South Korea?\" --json", "text, usage and receipt for scripts"),
            ],
        };
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
            await AskRunner.RunAsync(context, await arguments.ReadAsync(parsed, context.Terminal, cancellationToken), cancellationToken));
        return command;
    }
}
