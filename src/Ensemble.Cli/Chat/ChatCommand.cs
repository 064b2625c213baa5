using System.CommandLine;

namespace Ensemble.Cli;

/// <summary><c>chat</c>: a conversation that is kept until it ends.</summary>
internal static class ChatCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Option<string?> model = CommonOptions.Model();
        Option<string?> config = CommonOptions.Config();
        Option<string?> system = new("--system", "-s") { Description = "The system prompt.", HelpName = "text" };
        Option<int?> maxTokens = new Option<int?>("--max-tokens") { Description = "The longest answer in tokens.", HelpName = "n", DefaultValueFactory = _ => AskCommand.DefaultMaxTokens }.Between(1, 1_000_000);
        Option<float?> temperature = new Option<float?>("--temperature", "-t") { Description = "0 takes the most probable token each time, 2 is wild.", HelpName = "0-2", DefaultValueFactory = _ => 0 }.Between(0f, 2f);
        ExampleCommand command = new("chat", "A conversation: each line is a question, and what was said before is remembered. Lines that begin with / are commands; /help lists them.")
        {
            Examples =
            [
                new("ensemble chat", "with the model that the tool brings; /quit or the end of input ends it"),
                new("cat questions.txt | ensemble chat", "one question a line, answers on standard output"),
                new("ensemble chat --config appsettings.json --model main", "with a model or composition of an application"),
            ],
            Epilogue = ChatLines.Help,
        };
        foreach (Option option in (Option[])[system, model, config, maxTokens, temperature])
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using ChatRun run = new(context, parsed.GetValue(config), parsed.GetValue(model), parsed.GetValue(system), parsed.GetValue(maxTokens) ?? AskCommand.DefaultMaxTokens, parsed.GetValue(temperature) ?? 0);
            return await run.RunAsync(cancellationToken);
        });
        return command;
    }
}
