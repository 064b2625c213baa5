namespace Ensemble;

/// <summary>The ways to read a ballot that come with Ensemble.</summary>
/// <remarks>
/// All but <see cref="Exact"/> leave out what a model thought (<c>&lt;think&gt;…&lt;/think&gt;</c>, channels before the final one) and what ends its turn (<c>&lt;|im_end|&gt;</c>); all but that one, <see cref="Code"/> and <see cref="Json"/> read what is
/// in the last <c>&lt;answer&gt;</c>, <c>&lt;final_answer&gt;</c> or <c>&lt;final&gt;</c>, if there is one, and leave out marks of HTML.
/// </remarks>
public static class BallotNormalizer
{
    /// <summary>Gets the reader that takes an answer as it is, without the space around it.</summary>
    public static IBallotNormalizer Exact { get; } = new ExactNormalizer();

    /// <summary>
    /// Gets the reader of numbers: the one in the last <c>\boxed{}</c> or after the last "answer is", else the last one of the text.
    /// <c>1,200.0</c>, <c>1 200</c>, <c>1.2e3</c> and <c>1200</c> are the same choice, and so are <c>3/4</c>, <c>\frac{3}{4}</c> and <c>0.75</c>; <c>3억 5천만</c> is 350000000.
    /// A unit is not compared, nor is a percent sign. What has no certain reading (a range, a bound, an expression, a denied number, <c>1,234,5</c>) is no ballot.
    /// </summary>
    public static IBallotNormalizer Number { get; } = new StatedNormalizer(new NumberNormalizer());

    /// <summary>
    /// Gets the reader of numbers with units: <c>2 km</c> and <c>2000 m</c> are the same choice, and so are <c>1 h 30 min</c> and <c>90 min</c>; <c>2</c>, <c>2 km</c> and <c>2 km/h</c> are not.
    /// Known units are written in base units; currencies are units; an unknown word is one by its name in the singular.
    /// </summary>
    public static IBallotNormalizer Quantity { get; } = new StatedNormalizer(new QuantityNormalizer());

    /// <summary>Gets the reader of dates: <c>March 5, 2026</c>, <c>2026년 3월 5일</c> and <c>2026-03-05</c> are the same choice; <c>3/5/2026</c> is no ballot (<see cref="ForDates"/>).</summary>
    public static IBallotNormalizer Date { get; } = new StatedNormalizer(new DateNormalizer(dayFirst: null));

    /// <summary>Gets the reader of yes and no, in English and Korean.</summary>
    public static IBallotNormalizer YesNo { get; } = new StatedNormalizer(new YesNoNormalizer());

    /// <summary>Gets the reader of code: the last fenced block, else the whole answer; line ends and space around do not matter.</summary>
    public static IBallotNormalizer Code { get; } = new StatedNormalizer(new CodeNormalizer(), keepsTags: true);

    /// <summary>Gets the reader of JSON: the order of keys, space and the way a number is written do not matter.</summary>
    public static IBallotNormalizer Json { get; } = new JsonNormalizer();

    /// <summary>Gets the reader of short answers: case, space, punctuation and an article in front do not matter.</summary>
    public static IBallotNormalizer ShortAnswer { get; } = new StatedNormalizer(new ShortAnswerNormalizer());

    /// <summary>Creates a reader of given choices: the answer is one of them, or names exactly one of them as a whole word.</summary>
    /// <param name="choices">The choices, at least two.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="ArgumentException">There are fewer than two, one is empty, or two differ in case only.</exception>
    public static IBallotNormalizer ForChoices(IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return ProblemWith(choices) is { } problem ? throw new ArgumentException(problem, nameof(choices)) : new StatedNormalizer(new ChoiceNormalizer(choices));
    }

    /// <summary>Creates a reader of rankings, for <see cref="VoteRule.Borda"/>: the choices in the order in which the answer names them.</summary>
    /// <param name="choices">The choices, at least two.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="ArgumentException">There are fewer than two, one is empty, or two differ in case only.</exception>
    public static IBallotNormalizer ForRanking(IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return ProblemWith(choices) is { } problem ? throw new ArgumentException(problem, nameof(choices)) : new StatedNormalizer(new RankingNormalizer(choices));
    }

    /// <summary>Creates a reader of the letters of options: A for the first one.</summary>
    /// <param name="count">How many options there are, from 2 to 26.</param>
    /// <returns>The reader.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not within 2 to 26.</exception>
    public static IBallotNormalizer ForLetters(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 26);
        return new StatedNormalizer(new LetterNormalizer(count));
    }

    /// <summary>Creates a reader of dates that knows what <c>3/5/2026</c> means.</summary>
    /// <param name="dayFirst">Whether the first number is the day.</param>
    /// <returns>The reader.</returns>
    public static IBallotNormalizer ForDates(bool dayFirst) => new StatedNormalizer(new DateNormalizer(dayFirst));

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
