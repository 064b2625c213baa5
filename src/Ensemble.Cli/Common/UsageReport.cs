using System.CommandLine;
using System.CommandLine.Parsing;

namespace Ensemble.Cli;

/// <summary>Explains a command line that cannot be read.</summary>
internal static class UsageReport
{
    // Two keys wrong in a word this short is still the same word.
    private const int NearestDistance = 2;

    /// <summary>Says what is wrong with a command line, in as few words as it takes.</summary>
    public static string Explain(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && command.Action is null && parsed.UnmatchedTokens is [string unknown, ..])
        {
            string? nearest = Nearest(unknown, command.Subcommands.Select(verb => verb.Name));
            return nearest is null
                ? $"There is no command '{unknown}'. There are: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}."
                : $"There is no command '{unknown}'. Did you mean '{nearest}'?";
        }

        return string.Join(Environment.NewLine, parsed.Errors.Select(error => error.Message).Distinct());
    }

    /// <summary>Says that a word that looks like an option is none.</summary>
    public static string ExplainOption(Command command, string unknown)
    {
        string name = unknown.Split('=')[0];
        return Nearest(name, command.Options.Select(option => option.Name)) is { } nearest
            ? $"There is no option '{name}'. Did you mean '{nearest}'?"
            : $"There is no option '{name}'. Text that begins with a dash goes behind '--'.";
    }

    /// <summary>Finds the word that was probably meant.</summary>
    public static string? Nearest(string unknown, IEnumerable<string> known) =>
        known.Where(word => Distance(word, unknown) <= NearestDistance).MinBy(word => Distance(word, unknown));

    // Levenshtein's distance, one row at a time.
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 0; i < left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int substitute = diagonal + (left[i] == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(substitute, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
