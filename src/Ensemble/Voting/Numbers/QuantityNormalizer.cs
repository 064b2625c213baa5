namespace Ensemble;

/// <summary>Reads a number with its unit and writes it in base units: <c>2 km</c> and <c>2000 m</c> are one choice, <c>2</c> and <c>2 km</c> are not.</summary>
internal sealed class QuantityNormalizer : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Find(answer) is var (total, unit) ? Write(total.ToString(), unit) : null;
    }

    /// <summary>Reads a quantity in base units.</summary>
    public static (ExactNumber Total, Unit Unit)? Find(string answer) => NumberReader.Find(answer) is { Total: { } total } phrase ? (total, phrase.Unit) : null;

    public static string Write(string number, Unit unit) => unit.IsNone ? number : $"{number} {unit}";
}
