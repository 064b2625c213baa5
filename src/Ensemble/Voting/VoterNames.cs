namespace Ensemble;

/// <summary>Finds what an option says of each voter by its name, without regard to case; a name that no voter has is a mistake, not a wish for nothing.</summary>
internal static class VoterNames
{
    /// <summary>Says what is wrong with a name; <see langword="null"/> when a voter has it.</summary>
    public static string? ProblemWith(string name, IReadOnlyCollection<string> voters, string? judge) =>
        voters.Contains(name, StringComparer.OrdinalIgnoreCase) ? null
        : name.Equals(judge, StringComparison.OrdinalIgnoreCase) ? $"'{name}' is the judge, who does not vote. Remove it, or name one of {string.Join(", ", voters)}."
        : $"'{name}' is no voter.{Suggestion.For(name, voters)} Name one of {string.Join(", ", voters)}.";

    /// <summary>Returns the values of the voters, in their order.</summary>
    /// <exception cref="ArgumentException">A name is no voter's, or is there twice.</exception>
    public static T[] Values<T>(IReadOnlyDictionary<string, T> named, IReadOnlyList<Member> voters, string? judge, T missing, string setting)
    {
        string[] names = [.. voters.Select(voter => voter.Name)];
        T[] values = [.. names.Select(_ => missing)];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, T value) in named)
        {
            if ((ProblemWith(name, names, judge) ?? (seen.Add(name) ? null : $"'{name}' is there twice, in another case; remove one.")) is { } problem)
            {
                throw new ArgumentException($"{setting}: {problem}", nameof(named));
            }

            values[Array.FindIndex(names, voter => voter.Equals(name, StringComparison.OrdinalIgnoreCase))] = value;
        }

        return values;
    }
}
