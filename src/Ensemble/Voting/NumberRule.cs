using System.Globalization;

namespace Ensemble;

/// <summary>
/// Votes over numbers: an average of them wins, and no voter need have said it. Quantities are averaged in base units and in one dimension, that of most weight;
/// a ballot of another one stays in sight without its choice.
/// </summary>
/// <param name="average">The average; <see langword="null"/> for the median, which is exact.</param>
internal sealed class NumberRule(Func<IReadOnlyList<(double Value, double Weight)>, double>? average) : IVoteRule
{
    public Vote Count(IReadOnlyList<Ballot> ballots)
    {
        Reading[] read = [.. ballots.Select(Read)];
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

        bool InUnit(Reading one) => double.IsFinite(one.Value) && one.Unit.ToString() == units[0].Unit;
        Ballot[] counted = [.. read.Select(one => InUnit(one) ? one.Ballot : one.Ballot.WithChoice(null))];
        Reading[] members = [.. read.Where(one => IsCounted(one) && InUnit(one)).Order(Comparer<Reading>.Create(static (left, right) => NumberAverages.Compare(left.Exact, right.Exact)))];
        (double Value, double Weight)[] numbers = [.. members.Select(one => (one.Value, one.Ballot.Weight)).OrderBy(n => n.Value).ThenBy(n => n.Weight)];
        (string text, double agreeing) = average is null ? Median(members) : Average(average(numbers), members);
        return new Vote
        {
            Outcome = VoteOutcome.Decided,
            Winner = text,
            Agreement = agreeing / numbers.Sum(n => n.Weight),
            Counts = Plurality.Count(counted).Counts,
            Ballots = counted,
            Spread = NumberAverages.Deviation(numbers),
        };
    }

    // Every ballot moves an average.
    public bool IsDecided(ReadOnlySpan<Ballot> arrived, double pendingWeight) => false;

    // A voter's own writing where one said just this: 1/3 stays exact.
    private static (string Text, double Agreeing) Median(Reading[] members)
    {
        ExactNumber winner = NumberAverages.Median([.. members.Select(one => (one.Exact, one.Ballot.Weight))]);
        Reading[] agreeing = [.. members.Where(one => one.Exact.Equals(winner))];
        return (agreeing.Length > 0 ? agreeing[0].Ballot.Choice! : QuantityNormalizer.Write(winner.ToString(), members[0].Unit), agreeing.Sum(one => one.Ballot.Weight));
    }

    private static (string Text, double Agreeing) Average(double winner, Reading[] members) => (
        members.Where(one => one.Value.Equals(winner)).Select(one => one.Ballot.Choice).FirstOrDefault() ?? QuantityNormalizer.Write(winner.ToString("R", CultureInfo.InvariantCulture), members[0].Unit),
        members.Where(one => IsNear(one.Value, winner)).Sum(one => one.Ballot.Weight));

    // The rounding of a mean is no disagreement.
    private static bool IsNear(double left, double right) => Math.Abs(left - right) <= 1e-12 * Math.Max(1, Math.Abs(right));

    private static bool IsCounted(Reading one) => double.IsFinite(one.Value) && one.Ballot.Weight > 0;

    private static Reading Read(Ballot ballot) =>
        ballot.Choice is not null && QuantityNormalizer.Find(ballot.Choice) is var (total, unit) ? new(ballot, total, total.Value, unit) : new(ballot, default, double.NaN, Unit.None);

    private readonly record struct Reading(Ballot Ballot, ExactNumber Exact, double Value, Unit Unit);
}
