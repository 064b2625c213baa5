using System.Globalization;
using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Reads a number and writes it in one way, without loss: two different numbers are never one choice.</summary>
internal sealed partial class NumberNormalizer : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        int marked = answer.LastIndexOf("answer", StringComparison.OrdinalIgnoreCase);
        return (marked >= 0 ? First(answer[marked..]) : null) ?? Last(answer);
    }

    private static string? First(string text) => Pattern().Match(text) is { Success: true } match ? Canonical(match.Value) : null;

    private static string? Last(string text) => Pattern().Matches(text) is { Count: > 0 } matches ? Canonical(matches[^1].Value) : null;

    // Digits are compared as text: a decimal or a double would merge numbers that are longer than its precision.
    private static string Canonical(string number)
    {
        bool negative = number[0] is '-' or '−';
        string digits = number.TrimStart('-', '−', '+').Replace(",", "", StringComparison.Ordinal);
        string[] parts = digits.Split('.');
        string whole = parts[0].TrimStart('0');
        string fraction = parts.Length > 1 ? parts[1].TrimEnd('0') : "";
        string value = (whole.Length == 0 ? "0" : whole) + (fraction.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{fraction}"));
        return negative && value != "0" ? "-" + value : value;
    }

    // Groups of three after a comma, or plain digits; a sign only where no word, digit or bracket stands before it.
    [GeneratedRegex(@"(?:(?<![\w)\]])[-−+])?(?<![\w.])(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
