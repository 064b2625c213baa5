namespace Ensemble;

/// <summary>Reads a ranking: the choices in the order in which the answer names them, written <c>a &gt; b &gt; c</c>. A choice that it does not name is behind all others.</summary>
internal sealed class RankingNormalizer(IReadOnlyList<string> choices) : IBallotNormalizer
{
    public const string Separator = " > ";

    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string text = FinalAnswer.Find(answer) is { } stated && Order(stated) is { Length: > 0 } ? stated : answer;
        string ranking = Order(text);
        return ranking.Length == 0 ? null : ranking;
    }

    private string Order(string text) => string.Join(
        Separator, choices.Select(choice => (choice, At: WholeWord.IndexOf(text, choice))).Where(found => found.At >= 0).OrderBy(found => found.At).Select(found => found.choice));
}
