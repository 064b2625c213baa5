using System.CommandLine;

namespace Ensemble.Cli;

/// <summary><c>score</c>: how probable each of several given continuations is after a prompt.</summary>
internal static class ScoreCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string[]> prompt = new("prompt") { Description = "The text before the choices; '-' or nothing reads standard input.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> choices = CommonOptions.Choices("What may follow the prompt. A space is put before each choice unless the prompt ends with one.");
        choices.Required = true;
        Option<bool> chat = new("--chat") { Description = "Ask through the model's chat template: the choices are the beginnings of its answer." };
        Option<string?> config = CommonOptions.Config();
        Option<string?> model = CommonOptions.Model();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("score", "Gives the probability of each choice after a prompt: a classifier without an answer to parse.")
        {
            Examples =
            [
                new("ensemble score \"The capital of South Korea is\" --choices Seoul,Busan,Tokyo", "the plain text goes on with one of these"),
                new("ensemble score \"Is water wet? Answer yes or no.\" --choices yes,no --chat", "the model's answer begins with one of these"),
                new("ensemble score \"Great film! Sentiment:\" --choices positive,negative --json", "for scripts"),
            ],
        };
        command.Add(prompt);
        foreach (Option option in (Option[])[choices, chat, model, config, json])
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] words = parsed.GetValue(prompt) ?? [];
            OptionChecks.RefuseOptions(parsed, words);
            ScoreRequest request = new()
            {
                Prompt = await QuestionReader.ReadAsync(words, context.Terminal, "Try: ensemble score \"The sky is\" --choices blue,green", cancellationToken),
                Choices = CommonOptions.SplitChoices(parsed.GetValue(choices)!),
                Chat = parsed.GetValue(chat),
                Model = parsed.GetValue(model),
                ConfigurationFile = parsed.GetValue(config),
                Json = parsed.GetValue(json),
            };
            return await ScoreRunner.RunAsync(context, request, cancellationToken);
        });
        return command;
    }
}
