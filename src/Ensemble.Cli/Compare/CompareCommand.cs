using System.CommandLine;

namespace Ensemble.Cli;

/// <summary><c>compare</c>: one question, several models, their answers beside each other.</summary>
internal static class CompareCommand
{
    /// <summary>The most models of one comparison; more columns than that cannot be read.</summary>
    public const int MaximumModels = 9;

    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string[]> question = new("question") { Description = "The question; '-' or nothing reads standard input.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> models = new("--models") { Description = "Whom to ask, 2 to 9 names with commas; each is what --model of 'ask' takes.", HelpName = "a,b" };
        Option<string?> system = new("--system", "-s") { Description = "The system prompt.", HelpName = "text" };
        Option<string?> config = CommonOptions.Config();
        Option<int?> maxTokens = new Option<int?>("--max-tokens") { Description = "The longest answer in tokens.", HelpName = "n", DefaultValueFactory = _ => AskCommand.DefaultMaxTokens }.Between(1, 1_000_000);
        Option<float?> temperature = new Option<float?>("--temperature", "-t") { Description = "0 takes the most probable token each time, 2 is wild.", HelpName = "0-2", DefaultValueFactory = _ => 0 }.Between(0f, 2f);
        Option<long?> seed = new Option<long?>("--seed") { Description = "Same seed, same answer on one machine.", HelpName = "n" }.Parsed();
        Option<bool> inTurn = new("--in-turn") { Description = "One model after the other: local models share the processor, so times compare only then." };
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("compare", "Asks several models one question and shows their answers side by side as they stream, with tokens, time and price. A model that fails does not stop the others; the exit code is then 1.")
        {
            Examples =
            [
                new("ensemble compare \"What is the capital of South Korea?\" --models local,openai/gpt-5-mini", "the model that the tool brings and a hosted one"),
                new("ensemble compare \"Name a city.\" --models local,./my-model --in-turn", "local models one after the other"),
                new("cat mail.txt | ensemble compare \"Summarise this mail:\" - --models main,cheap --config appsettings.json --json", "compositions of an application, for scripts"),
            ],
        };
        command.Add(question);
        foreach (Option option in (Option[])[models, system, config, maxTokens, temperature, seed, inTurn, json])
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] words = parsed.GetValue(question) ?? [];
            OptionChecks.RefuseOptions(parsed, words);
            CompareRequest request = new()
            {
                Models = SplitModels(parsed.GetValue(models)),
                Question = await QuestionReader.ReadAsync(words, context.Terminal, "Try: ensemble compare \"What is the capital of South Korea?\" --models local,openai/gpt-5-mini", cancellationToken),
                System = parsed.GetValue(system),
                ConfigurationFile = parsed.GetValue(config),
                MaxTokens = parsed.GetValue(maxTokens) ?? AskCommand.DefaultMaxTokens,
                Temperature = parsed.GetValue(temperature) ?? 0,
                Seed = parsed.GetValue(seed),
                InTurn = parsed.GetValue(inTurn),
                Json = parsed.GetValue(json),
            };
            return await CompareRunner.RunAsync(context, request, cancellationToken);
        });
        return command;
    }

    private static string[] SplitModels(string? list)
    {
        string[] models = list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (models.Length is < 2 or > MaximumModels)
        {
            throw new CliException($"--models names {models.Length}: give 2 to {MaximumModels} models with commas between them, for instance --models local,openai/gpt-5-mini");
        }

        return models.GroupBy(model => model, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new CliException($"--models has '{twice.Key}' twice. Name each model once.")
            : models;
    }
}
