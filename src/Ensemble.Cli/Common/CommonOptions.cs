using System.CommandLine;

namespace Ensemble.Cli;

/// <summary>Options that several verbs share, with one wording each.</summary>
internal static class CommonOptions
{
    /// <summary>Makes <c>--config</c>.</summary>
    public static Option<string?> Config() => new("--config", "-c")
    {
        Description = "A JSON file with a section \"Ensemble\" (an appsettings.json will do). Without it: the model that the tool brings. Variables such as Ensemble__Default=local win over the file.",
        HelpName = "file",
    };

    /// <summary>Makes <c>--model</c>.</summary>
    public static Option<string?> Model() => new("--model", "-m")
    {
        Description = "A model or composition of the configuration, a stored model (ensemble models list), the folder of one (./my-model), or provider/model (openai/gpt-5-mini). Without it: the default.",
        HelpName = "name",
    };

    /// <summary>Makes <c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "One JSON document on standard output, for scripts." };

    /// <summary>Makes <c>--choices</c>.</summary>
    public static Option<string?> Choices(string description) => new("--choices") { Description = description, HelpName = "a,b,c" };

    /// <summary>Splits a list of choices.</summary>
    /// <param name="list">The list with commas.</param>
    /// <exception cref="CliException">There are fewer than two choices, or two are equal.</exception>
    public static IReadOnlyList<string> SplitChoices(string list)
    {
        string[] choices = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (choices.Length < 2)
        {
            throw new CliException($"--choices '{list}' has fewer than two choices. Separate them with commas: --choices yes,no");
        }

        return choices.GroupBy(choice => choice, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new CliException($"--choices has '{twice.Key}' twice. Name each choice once.")
            : choices;
    }
}
