using System.CommandLine;

namespace Ensemble.Cli;

/// <summary>The argument and the options of <c>ask</c>.</summary>
internal sealed class AskArguments
{
    private readonly Argument<string[]> _question = new("question") { Description = "The question; '-' or nothing reads standard input.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<string?> _system = new("--system", "-s") { Description = "The system prompt.", HelpName = "text" };
    private readonly Option<string?> _model = CommonOptions.Model();
    private readonly Option<string?> _config = CommonOptions.Config();
    private readonly Option<int?> _maxTokens = new Option<int?>("--max-tokens") { Description = "The longest answer in tokens.", HelpName = "n", DefaultValueFactory = _ => AskCommand.DefaultMaxTokens }.Between(1, 1_000_000);
    private readonly Option<float?> _temperature = new Option<float?>("--temperature", "-t") { Description = "0 takes the most probable token each time, 2 is wild. Without it: 0, and 0.7 for a panel.", HelpName = "0-2" }.Between(0f, 2f);
    private readonly Option<long?> _seed = new Option<long?>("--seed") { Description = "Same seed, same answer on one machine; voters count up from it.", HelpName = "n" }.Parsed();
    private readonly Option<int?> _panel = new Option<int?>("--panel") { Description = "Ask this many voters and count their ballots.", HelpName = "n" }.Between(2, AskCommand.MaximumPanel);
    private readonly Option<string?> _choices = CommonOptions.Choices("What the voters choose from (needs --panel).");
    private readonly Option<string?> _schema = new("--schema") { Description = "A JSON schema that the answer must fit.", HelpName = "file" };
    private readonly Option<bool> _receipt = new("--receipt") { Description = "Print the receipt after the answer (a panel always does)." };
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Adds them to the verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_question);
        foreach (Option option in (Option[])[_panel, _choices, _schema, _system, _model, _config, _maxTokens, _temperature, _seed, _receipt, _json])
        {
            command.Add(option);
        }
    }

    /// <summary>Reads a command line, and standard input where it says so.</summary>
    /// <exception cref="CliException">Two options do not fit together, or there is no question.</exception>
    public async Task<AskRequest> ReadAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        string[] words = parsed.GetValue(_question) ?? [];
        OptionChecks.RefuseOptions(parsed, words);
        int? panel = parsed.GetValue(_panel);
        string? choices = parsed.GetValue(_choices);
        if (choices is not null && panel is null)
        {
            throw new CliException("--choices says what voters choose from: add --panel 5, or use 'ensemble score' for one model's probabilities.");
        }

        if (choices is not null && parsed.GetValue(_schema) is not null)
        {
            throw new CliException("--choices and --schema both say what an answer may be: give one of them.");
        }

        return new AskRequest
        {
            Question = await QuestionReader.ReadAsync(words, terminal, "Try: ensemble ask \"What is the capital of South Korea?\"", cancellationToken),
            System = parsed.GetValue(_system),
            Model = parsed.GetValue(_model),
            ConfigurationFile = parsed.GetValue(_config),
            MaxTokens = parsed.GetValue(_maxTokens) ?? AskCommand.DefaultMaxTokens,
            Temperature = parsed.GetValue(_temperature),
            Seed = parsed.GetValue(_seed),
            SchemaFile = parsed.GetValue(_schema),
            Panel = panel,
            Choices = choices is null ? null : CommonOptions.SplitChoices(choices),
            Receipt = parsed.GetValue(_receipt),
            Json = parsed.GetValue(_json),
        };
    }
}
