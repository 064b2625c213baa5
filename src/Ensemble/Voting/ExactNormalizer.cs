namespace Ensemble;

/// <summary>Takes the answer as it is, without the space around it.</summary>
internal sealed class ExactNormalizer : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = answer.Trim();
        return text.Length == 0 ? null : text;
    }
}
