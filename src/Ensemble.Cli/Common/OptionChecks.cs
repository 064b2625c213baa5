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
        return option;
    }

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
