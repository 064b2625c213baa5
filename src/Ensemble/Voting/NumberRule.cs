using System.Globalization;

namespace Ensemble;

/// <summary>Votes over numbers: an average of them wins, and no voter need have said it.</summary>
internal sealed class NumberRule(Func<IReadOnlyList<(double Value, double Weight)>, double> average) : IVoteRule
{
    public Vote Count(IReadOnlyList<Ballot> ballots)
    {
        (double Value, double Weight)[] numbers =
            [.. ballots.Select(ballot => (Value: Number(ballot.Choice), ballot.Weight)).Where(n => double.IsFinite(n.Value) && n.Weight > 0).OrderBy(n => n.Value).ThenBy(n => n.Weight)];
        Vote plurality = Plurality.Count(ballots);
        if (numbers.Length == 0)
        {
            return new Vote { Outcome = VoteOutcome.NoAgreement, Counts = plurality.Counts, Ballots = ballots };
        }

        double winner = average(numbers);

        // A voter's own writing where one said just this: 1/3 stays exact.
        string text = ballots.Select(ballot => ballot.Choice).FirstOrDefault(choice => Number(choice).Equals(winner)) ?? winner.ToString("R", CultureInfo.InvariantCulture);
        return new Vote
        {
            Outcome = VoteOutcome.Decided,
            Winner = text,
            Agreement = numbers.Where(n => IsNear(n.Value, winner)).Sum(n => n.Weight) / numbers.Sum(n => n.Weight),
            Counts = plurality.Counts,
            Ballots = ballots,
            Spread = NumberAverages.Deviation(numbers),
        };
    }

    // Every ballot moves an average.
    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight) => false;

    private static bool IsNear(double left, double right) => Math.Abs(left - right) <= 1e-9 * Math.Max(1, Math.Abs(right));

    private static double Number(string? choice) => choice is not null && NumberNormalizer.Find(choice) is { } found ? found.Number.Value : double.NaN;
}
