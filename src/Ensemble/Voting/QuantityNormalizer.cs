namespace Ensemble;

/// <summary>Reads a number with its unit and writes it in the base unit: <c>2 km</c> and <c>2000 m</c> are one choice, <c>2</c> and <c>2 km</c> are not.</summary>
internal sealed class QuantityNormalizer : IBallotNormalizer
{
    // Name, base unit, how many of it as numerator over a power of ten.
    private static readonly Dictionary<string, (string Base, long Factor, int Divisor)> Units = new(StringComparer.Ordinal)
    {
        ["mm"] = ("m", 1, 3),
        ["cm"] = ("m", 1, 2),
        ["m"] = ("m", 1, 0),
        ["km"] = ("m", 1000, 0),
        ["mg"] = ("g", 1, 3),
        ["g"] = ("g", 1, 0),
        ["kg"] = ("g", 1000, 0),
        ["t"] = ("g", 1_000_000, 0),
        ["ml"] = ("l", 1, 3),
        ["mL"] = ("l", 1, 3),
        ["l"] = ("l", 1, 0),
        ["L"] = ("l", 1, 0),
        ["ms"] = ("s", 1, 3),
        ["s"] = ("s", 1, 0),
        ["sec"] = ("s", 1, 0),
        ["second"] = ("s", 1, 0),
        ["seconds"] = ("s", 1, 0),
        ["초"] = ("s", 1, 0),
        ["min"] = ("s", 60, 0),
        ["minute"] = ("s", 60, 0),
        ["minutes"] = ("s", 60, 0),
        ["분"] = ("s", 60, 0),
        ["h"] = ("s", 3600, 0),
        ["hour"] = ("s", 3600, 0),
        ["hours"] = ("s", 3600, 0),
        ["시간"] = ("s", 3600, 0),
        ["day"] = ("s", 86_400, 0),
        ["days"] = ("s", 86_400, 0),
        ["일"] = ("s", 86_400, 0),
        ["%"] = ("%", 1, 0),
        ["percent"] = ("%", 1, 0),
        ["퍼센트"] = ("%", 1, 0),
        ["°C"] = ("°C", 1, 0),
        ["°F"] = ("°F", 1, 0),
        ["원"] = ("원", 1, 0),
        ["dollars"] = ("$", 1, 0),
        ["dollar"] = ("$", 1, 0),
        ["USD"] = ("$", 1, 0),
    };

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (NumberNormalizer.Find(answer) is not { } found)
        {
            return null;
        }

        string word = Word(found.Tail);
        if (word.Length == 0)
        {
            return found.Number.ToString();
        }

        // An unknown unit is kept as it is written: it never becomes another one.
        return Units.TryGetValue(word, out (string Base, long Factor, int Divisor) unit)
            && ExactNumber.TryParse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{unit.Factor}e-{unit.Divisor}"), out ExactNumber factor)
            ? $"{found.Number * factor} {unit.Base}"
            : $"{found.Number} {word}";
    }

    private static string Word(string tail)
    {
        ReadOnlySpan<char> text = tail.AsSpan().TrimStart(" \\");
        int length = 0;
        while (length < text.Length && (char.IsLetter(text[length]) || text[length] is '%' or '°'))
        {
            length++;
        }

        return text[..length].ToString();
    }
}
