namespace Ensemble;

/// <summary>Reads a number and writes it in one way, without loss: two different numbers are never one choice. A unit after it is not compared.</summary>
internal sealed class NumberNormalizer : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);

        // 1 h 30 min is no number without its unit.
        return NumberReader.Find(ChoiceJson.UnwrapNumber(answer)) is { IsCompound: false, Number: { } number } ? number.ToString() : null;
    }
}
