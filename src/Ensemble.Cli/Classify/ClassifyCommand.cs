using System.CommandLine;

namespace Ensemble.Cli;

/// <summary><c>classify</c>: gives each text one of the labels of a file of examples.</summary>
internal static class ClassifyCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string?> input = new("input") { Description = "A file of texts, one JSON object a line: {\"text\": …}, with \"label\" to measure; '-' or nothing reads standard input, or takes the texts that come with the examples.", Arity = ArgumentArity.ZeroOrOne };
        Option<string> examples = new("--examples") { Description = "A file of labelled examples, one JSON object a line: {\"text\": …, \"label\": …}; or bagging data with its own bags (labels, examples, bags); or a fit that --save wrote.", HelpName = "file", Required = true };
        Option<string?> textWord = new("--text-word") { Description = "What a text is called in the prompt; Text if left out.", HelpName = "word" };
        Option<string?> labelWord = new("--label-word") { Description = "What a label is called in the prompt; Label if left out.", HelpName = "word" };
        Option<string?> members = new("--members") { Description = "Who takes part: bags (voters of the language model), embedding (needs the shipped embedding model), or both. If left out, both, and of a saved fit those it was made with.", HelpName = "list" };
        Option<int?> bags = new Option<int?>("--bags") { Description = "How many voters, from 1 to 64; more than 9 bring nothing.", HelpName = "n" }.Between(1, 64);
        Option<int?> seed = new("--seed") { Description = "Draws the voters' examples; the same seed gives the same answers.", HelpName = "n" };
        Option<string?> save = new("--save") { Description = "Keeps the fit in a file, to be given as --examples next time.", HelpName = "file" };
        Option<string?> config = CommonOptions.Config();
        Option<string?> model = CommonOptions.Model();
        Option<bool> json = new("--json") { Description = "One JSON object a line on standard output, for scripts." };
        ExampleCommand command = new("classify", "Classifies texts by a few labelled examples: bagged voters of a small model and an embedding member, calibrated.")
        {
            Examples =
            [
                new("ensemble classify --examples examples.jsonl texts.jsonl", "label, confidence and agreement of each text"),
                new("ensemble classify --examples tickets.jsonl --text-word Message --label-word Team test.jsonl", "with labels in the input: the table of accuracies, too"),
                new("ensemble classify --examples samples/QuickStart/tickets.json", "the examples, the bags and the texts of the quick start: its table, and what the embedding member adds"),
                new("cat texts.jsonl | ensemble classify --examples examples.jsonl --members embedding --json -", "for scripts"),
            ],
        };
        command.Add(input);
        foreach (Option option in (Option[])[examples, textWord, labelWord, members, bags, seed, save, model, config, json])
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[]? chosen = parsed.GetValue(members) is { } list ? Members(list) : null;
            ClassifyRequest request = new()
            {
                ExamplesFile = parsed.GetValue(examples)!,
                InputFile = parsed.GetValue(input),
                TextWord = parsed.GetValue(textWord),
                LabelWord = parsed.GetValue(labelWord),
                Members = chosen is null ? null : new ClassifyMembers(chosen.Contains(ClassifyMembers.BagsName), chosen.Contains(ClassifyMembers.EmbeddingName)),
                Bags = parsed.GetValue(bags),
                Seed = parsed.GetValue(seed),
                SaveFile = parsed.GetValue(save),
                Model = parsed.GetValue(model),
                ConfigurationFile = parsed.GetValue(config),
                Json = parsed.GetValue(json),
            };
            return await ClassifyRunner.RunAsync(context, request, cancellationToken);
        });
        return command;
    }

    private static string[] Members(string list)
    {
        string[] members = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return members.Length > 0 && members.All(member => member is ClassifyMembers.BagsName or ClassifyMembers.EmbeddingName)
            ? members
            : throw new CliException($"--members '{list}' cannot be read. Write {ClassifyMembers.BagsName}, {ClassifyMembers.EmbeddingName}, or both: --members {ClassifyMembers.BagsName},{ClassifyMembers.EmbeddingName}");
    }
}
