namespace Ensemble;

/// <summary>Reads a number with its unit and what it is of, and writes it in base units: <c>2 km</c> and <c>2000 m</c> are one choice, <c>2</c> and <c>2 km</c> are not, nor are <c>5 new cars</c> and <c>5 new houses</c>.</summary>
internal sealed class QuantityNormalizer : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (Find(answer) is not var (total, unit))
        {
            return null;
        }

        // A name that is a number or a relation as well has no certain reading.
        string written = Write(total.ToString(), unit);
        return unit.IsNone || (Find(written) is var (again, same) && Write(again.ToString(), same) == written) ? written : null;
    }

    /// <summary>Reads a quantity in base units.</summary>
    public static (ExactNumber Total, Unit Unit)? Find(string answer) => NumberReader.FindQuantity(ChoiceJson.UnwrapNumber(answer));

    public static string Write(string number, Unit unit) => unit.IsNone ? number : $"{number} {unit}";
}
