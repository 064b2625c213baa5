using System.Globalization;

namespace Ensemble;

/// <summary>
/// Votes over numbers: an average of them wins, and no voter need have said it. Quantities are averaged in base units and in one dimension, that of most weight;
/// a ballot of another one stays in sight without its choice.
/// </summary>
internal sealed class NumberRule(Func<IReadOnlyList<(double Value, double Weight)>, double> average) : IVoteRule
{
    public Vote Count(IReadOnlyList<Ballot> ballots)
    {
        (Ballot Ballot, double Value, Unit Unit)[] read = [.. ballots.Select(Read)];
        (string Unit, double Weight)[] units = [.. read
            .Where(IsCounted)
            .GroupBy(one => one.Unit.ToString(), StringComparer.Ordinal)
            .Select(group => (group.Key, group.Sum(one => one.Ballot.Weight)))
            .OrderByDescending(unit => unit.Item2).Take(2)];

        // Metres and seconds with equal weight have no average.
        if (units.Length == 0 || (units.Length == 2 && units[0].Weight - units[1].Weight < 1e-9))
        {
            return new Vote { Outcome = VoteOutcome.NoAgreement, Counts = Plurality.Count(ballots).Counts, Ballots = ballots };
        }

        bool InUnit((Ballot Ballot, double Value, Unit Unit) one) => double.IsFinite(one.Value) && one.Unit.ToString() == units[0].Unit;
        Ballot[] counted = [.. read.Select(one => InUnit(one) ? one.Ballot : one.Ballot.WithChoice(null))];
        (Ballot Ballot, double Value, Unit Unit)[] members = [.. read.Where(one => IsCounted(one) && InUnit(one))];
        (double Value, double Weight)[] numbers = [.. members.Select(one => (one.Value, one.Ballot.Weight)).OrderBy(n => n.Value).ThenBy(n => n.Weight)];
        double winner = average(numbers);

        // A voter's own writing where one said just this: 1/3 stays exact.
        string text = members.Where(one => one.Value.Equals(winner)).Select(one => one.Ballot.Choice).FirstOrDefault()
            ?? QuantityNormalizer.Write(winner.ToString("R", CultureInfo.InvariantCulture), members[0].Unit);
        return new Vote
        {
            Outcome = VoteOutcome.Decided,
            Winner = text,
            Agreement = numbers.Where(n => IsNear(n.Value, winner)).Sum(n => n.Weight) / numbers.Sum(n => n.Weight),
            Counts = Plurality.Count(counted).Counts,
            Ballots = counted,
            Spread = NumberAverages.Deviation(numbers),
        };
    }

    // Every ballot moves an average.
    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight) => false;

    private static bool IsNear(double left, double right) => Math.Abs(left - right) <= 1e-9 * Math.Max(1, Math.Abs(right));

    private static bool IsCounted((Ballot Ballot, double Value, Unit Unit) one) => double.IsFinite(one.Value) && one.Ballot.Weight > 0;

    private static (Ballot Ballot, double Value, Unit Unit) Read(Ballot ballot) =>
        ballot.Choice is not null && QuantityNormalizer.Find(ballot.Choice) is var (total, unit) ? (ballot, total.Value, unit) : (ballot, double.NaN, Unit.None);
}
