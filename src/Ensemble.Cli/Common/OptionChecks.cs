using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Ensemble.Cli;

/// <summary>Ranges of numeric options, checked before anything is loaded.</summary>
internal static class OptionChecks
{
    /// <summary>Refuses values outside a range.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="lowest">The smallest value.</param>
    /// <param name="highest">The largest value.</param>
    /// <returns><paramref name="option"/>.</returns>
    public static Option<T?> Between<T>(this Option<T?> option, T lowest, T highest)
        where T : struct, IComparable<T>, IParsable<T>
    {
        option.Validators.Add(result => Check(result, option.Name, lowest, highest));
        return option.Parsed();
    }

    /// <summary>Refuses what is no number in words of ours.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="option">The option.</param>
    /// <returns><paramref name="option"/>.</returns>
    public static Option<T?> Parsed<T>(this Option<T?> option)
        where T : struct, IParsable<T>
    {
        option.CustomParser = result =>
        {
            if (T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out T value))
            {
                return value;
            }

            result.AddError($"{option.Name} '{result.Tokens[0].Value}' cannot be read: give a {(typeof(T) == typeof(float) ? "number" : "whole number of that size")}.");
            return null;
        };
        return option;
    }

    /// <summary>Refuses words that look like options: as part of a question a mistyped option would go unnoticed. Behind <c>--</c> every word is text.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="words">The words of the question.</param>
    /// <exception cref="CliException">A word looks like an option.</exception>
    public static void RefuseOptions(ParseResult parsed, IEnumerable<string> words)
    {
        if (parsed.Tokens.All(token => token.Type != TokenType.DoubleDash) && words.FirstOrDefault(LooksLikeOption) is { } option)
        {
            throw new CliException(UsageReport.ExplainOption(parsed.CommandResult.Command, option));
        }
    }

    // A dash alone is standard input; negative numbers and quoted texts of several words are questions.
    private static bool LooksLikeOption(string word) =>
        word.Length > 1 && word[0] == '-' && (word[1] == '-' || char.IsAsciiLetter(word[1])) && !word.Any(char.IsWhiteSpace);

    // A token that is no number has the parser's own message, and no value to ask for.
    private static void Check<T>(OptionResult result, string name, T lowest, T highest)
        where T : struct, IComparable<T>, IParsable<T>
    {
        if (result.Tokens is [var token] && T.TryParse(token.Value, CultureInfo.InvariantCulture, out T value) && (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {value} is out of range: give a number from {lowest} to {highest}."));
        }
    }
}
