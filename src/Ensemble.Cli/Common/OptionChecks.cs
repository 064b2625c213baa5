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
        where T : struct, IComparable<T>
    {
        option.Validators.Add(result => Check(result, option, lowest, highest));
        return option;
    }

    private static void Check<T>(OptionResult result, Option<T?> option, T lowest, T highest)
        where T : struct, IComparable<T>
    {
        // An unreadable number has its own message already.
        if (!result.Errors.Any() && result.GetValue(option) is { } value && (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0))
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} {value} is out of range: give a number from {lowest} to {highest}."));
        }
    }
}
