namespace Ensemble;

/// <summary>The ways to read a ballot that come with Ensemble.</summary>
public static class BallotNormalizer
{
    /// <summary>Gets the reader of numbers: the number after the last "answer", else the last one of the text; <c>1,200.0</c> and <c>1200</c> are the same choice.</summary>
    public static IBallotNormalizer Number { get; } = new NumberNormalizer();

    /// <summary>Gets the reader of short answers: case, space, punctuation and an article in front do not matter.</summary>
    public static IBallotNormalizer ShortAnswer { get; } = new ShortAnswerNormalizer();

    /// <summary>Creates a reader of given choices: the answer is one of them, or names exactly one of them as a whole word.</summary>
    /// <param name="choices">The choices, at least two.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="ArgumentException">There are fewer than two, one is empty, or two differ in case only.</exception>
    public static IBallotNormalizer ForChoices(IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return ProblemWith(choices) is { } problem ? throw new ArgumentException(problem, nameof(choices)) : new ChoiceNormalizer(choices);
    }

    /// <summary>Creates a reader from a delegate.</summary>
    /// <param name="read">Reads the choice, or returns <see langword="null"/>.</param>
    /// <returns>The reader.</returns>
    public static IBallotNormalizer From(Func<string, string?> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        return new DelegateNormalizer(read);
    }

    /// <summary>Says why choices cannot be voted over.</summary>
    internal static string? ProblemWith(IReadOnlyList<string> choices) =>
        choices.Count < 2 ? "give at least two choices."
        : choices.Any(string.IsNullOrWhiteSpace) ? "a choice is empty."
        : choices.Distinct(StringComparer.OrdinalIgnoreCase).Count() != choices.Count ? "two choices are the same, or differ in case only."
        : null;
}
