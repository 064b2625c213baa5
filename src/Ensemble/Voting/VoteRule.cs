namespace Ensemble;

/// <summary>The ways to count that come with Ensemble.</summary>
public static class VoteRule
{
    /// <summary>Gets the rule that the choice with the largest weight wins. With <see cref="PanelOptions.Weights"/> it is the weighted vote.</summary>
    public static IVoteRule Plurality { get; } = new PluralityRule();

    /// <summary>Gets the rule that all readable ballots must say the same; after a dissent it stops as soon as the leader is settled.</summary>
    public static IVoteRule Unanimity { get; } = new UnanimityRule();

    /// <summary>Gets the rule that the median of the numbers wins: one wild voter does not move it. Quantities are averaged in the dimension of most weight; a ballot of another one is shown without its choice.</summary>
    public static IVoteRule Median { get; } = new NumberRule(average: null);

    /// <summary>Gets the rule that the weighted mean of the numbers wins: each voter moves it, a wild one far. Quantities are averaged as by <see cref="Median"/>.</summary>
    public static IVoteRule Mean { get; } = new NumberRule(NumberAverages.Mean);

    /// <summary>Gets the rule that the choice with the largest mean probability wins; needs choices and members that score (<see cref="IContinuationScorer"/>).</summary>
    public static IVoteRule MeanProbability { get; } = new ProbabilityRule(logarithmic: false);

    /// <summary>Gets the rule that the choice with the largest mean log-probability wins: one voter that rules a choice out counts for much.</summary>
    public static IVoteRule MeanLogProbability { get; } = new ProbabilityRule(logarithmic: true);

    /// <summary>Creates the rule that the winner needs a share of the weight of all voters, those that failed included.</summary>
    /// <param name="share">The share, above 0 and at most 1.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is out of range.</exception>
    public static IVoteRule Quorum(double share) =>
        share is > 0 and <= 1 ? new QuorumRule(share) : throw new ArgumentOutOfRangeException(nameof(share), share, "Give a share above 0 and at most 1.");

    /// <summary>Creates the rule of J.-C. de Borda (1781): of n choices the first of a ranking gets n - 1 points, the last 0. Read rankings with <see cref="BallotNormalizer.ForRanking"/>.</summary>
    /// <param name="choices">All choices, at least two.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentException">There are fewer than two choices, one is empty, or two differ in case only.</exception>
    public static IVoteRule Borda(IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        return BallotNormalizer.ProblemWith(choices) is { } problem ? throw new ArgumentException(problem, nameof(choices)) : new BordaRule(choices);
    }

    /// <summary>Creates the rule that the mean of the numbers wins, without the smallest and the largest. Quantities are averaged as by <see cref="Median"/>.</summary>
    /// <param name="share">The share of the weight that is cut at each end, at least 0 and below 0.5.</param>
    /// <returns>The rule.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is out of range.</exception>
    public static IVoteRule TrimmedMean(double share) =>
        share is >= 0 and < 0.5 ? new NumberRule(numbers => NumberAverages.TrimmedMean(numbers, share))
            : throw new ArgumentOutOfRangeException(nameof(share), share, "Give a share of at least 0 and below 0.5.");
}
