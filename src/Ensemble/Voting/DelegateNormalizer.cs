namespace Ensemble;

/// <summary>Reads a ballot as the application says.</summary>
internal sealed class DelegateNormalizer(Func<string, string?> read) : IBallotNormalizer
{
    public string? Read(string answer) => read(answer);
}
