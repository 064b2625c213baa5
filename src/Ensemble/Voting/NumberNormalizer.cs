namespace Ensemble;

/// <summary>Reads a number and writes it in one way, without loss: two different numbers are never one choice. A unit after it is not compared.</summary>
internal sealed class NumberNormalizer : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return (Find(answer)?.Number)?.ToString();
    }

    /// <summary>Finds the number after the stated answer, else the last one of the text.</summary>
    public static (ExactNumber Number, string Tail)? Find(string answer) =>
        (FinalAnswer.Find(answer) is { } stated ? NumberReader.First(stated) : null) ?? NumberReader.Last(answer);
}
