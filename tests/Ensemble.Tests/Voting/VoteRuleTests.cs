using System.Globalization;
using CsCheck;

namespace Ensemble.Tests;

public class VoteRuleTests
{
    private static readonly string[] Choices = ["a", "b", "c"];

    private static readonly Gen<List<Ballot>> Ballots = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3],
        (choice, weight) => new Ballot { Voter = "v", Choice = choice == 3 ? null : Choices[choice], Weight = weight / 2.0 }).List[1, 9];

    private static readonly Gen<List<Ballot>> Rankings = Gen.Shuffle(Choices).Select(order => new Ballot { Voter = "v", Choice = string.Join(" > ", order) }).List[1, 9];

    private static readonly Gen<List<Ballot>> Numbers = Gen.Select(Gen.Int[-50, 50], Gen.Int[1, 3],
        (number, weight) => new Ballot { Voter = "v", Choice = number.ToString(CultureInfo.InvariantCulture), Weight = weight }).List[1, 9];

    private static IEnumerable<IVoteRule> ChoiceRules => [VoteRule.Plurality, VoteRule.Quorum(0.5), VoteRule.Quorum(0.8), VoteRule.Unanimity, VoteRule.MeanProbability];

    [Test]
    public void EarlyStop_HasTheWinnerOfTheFullVote([ValueSource(nameof(ChoiceRules))] IVoteRule rule) => Ballots.Sample(ballots => SameWhenStopped(rule, ballots));

    [Test]
    public void EarlyStop_OfBorda_HasTheWinnerOfTheFullVote() => Rankings.Sample(ballots => SameWhenStopped(VoteRule.Borda(Choices), ballots));

    [Test]
    public void Order_OfBallots_DoesNotMatter([ValueSource(nameof(ChoiceRules))] IVoteRule rule) => Gen.Select(Ballots, Gen.Int).Sample((ballots, seed) => SameWhenShuffled(rule, ballots, seed));

    [Test]
    public void Order_OfRankingsAndNumbers_DoesNotMatter() => Gen.Select(Rankings, Numbers, Gen.Int).Sample((rankings, numbers, seed) =>
        SameWhenShuffled(VoteRule.Borda(Choices), rankings, seed)
        && new[] { VoteRule.Mean, VoteRule.Median, VoteRule.TrimmedMean(0.2) }.All(rule => SameWhenShuffled(rule, numbers, seed)));

    [Test]
    public void OneMoreBallotForTheWinner_KeepsItWinning([ValueSource(nameof(ChoiceRules))] IVoteRule rule) => Ballots.Sample(ballots =>
    {
        string? winner = rule.Count(ballots).Winner;
        return winner is null || rule.Count([.. ballots, new Ballot { Voter = "late", Choice = winner }]).Winner == winner;
    });

    [TestCase("a,a,b", 0.5, VoteOutcome.Decided)]
    [TestCase("a,a,b", 0.7, VoteOutcome.NoQuorum)]
    [TestCase("a,a,-", 0.7, VoteOutcome.NoQuorum)]
    [TestCase("a,a,a", 1.0, VoteOutcome.Decided)]
    public void Quorum_IsAShareOfAllVoters(string choices, double share, VoteOutcome outcome) =>
        Assert.That((VoteRule.Quorum(share).Count(Of(choices)).Outcome, VoteRule.Quorum(share).Count(Of(choices)).Winner), Is.EqualTo((outcome, "a")));

    [TestCase("a,a,-", VoteOutcome.Decided)]
    [TestCase("a,a,b", VoteOutcome.NoQuorum)]
    [TestCase("-,-", VoteOutcome.NoAgreement)]
    public void Unanimity_IsOfTheReadableBallots(string choices, VoteOutcome outcome) => Assert.That(VoteRule.Unanimity.Count(Of(choices)).Outcome, Is.EqualTo(outcome));

    [Test]
    public void Unanimity_StopsAtADissent_OnceTheLeaderIsSettled()
    {
        Assert.That(VoteRule.Unanimity.IsDecided(Of("a,a"), 1), Is.False);
        Assert.That(VoteRule.Unanimity.IsDecided(Of("a,b"), 1), Is.False, "the third voter says which of the two is returned");
        Assert.That(VoteRule.Unanimity.IsDecided(Of("a,a,a,b"), 1), Is.True);
    }

    [Test]
    public void Borda_PrefersTheCompromise()
    {
        Ballot[] ballots = Of("a > b > c,a > b > c,c > b > a,b > c > a,b > c > a");
        Vote vote = VoteRule.Borda(Choices).Count(ballots);
        Assert.That(vote.Counts, Is.EqualTo(new[] { KeyValuePair.Create("b", 7.0), KeyValuePair.Create("a", 4.0), KeyValuePair.Create("c", 4.0) }));
    }

    [TestCase("red before blue, then green", "red > blue > green")]
    [TestCase("Green is nice. Final answer: blue > red", "blue > red")]
    [TestCase("redder", null)]
    public void Ranking_IsTheOrderInWhichChoicesAreNamed(string answer, string? expected) =>
        Assert.That(BallotNormalizer.ForRanking(["green", "blue", "red"]).Read(answer), Is.EqualTo(expected));

    [TestCase("1,2,9", "2", 1.0 / 3)]
    [TestCase("1,2,3,10", "2.5", 0)]
    [TestCase("1/3,1/3,5", "1/3", 2.0 / 3)]
    public void Median_IsNotMovedByAWildVoter(string numbers, string winner, double agreement)
    {
        Vote vote = VoteRule.Median.Count(Of(numbers));
        Assert.That((vote.Winner, vote.Agreement), Is.EqualTo((winner, agreement)));
    }

    [Test]
    public void Mean_ReportsTheSpread_AndTrimmingCutsTheEnds()
    {
        Ballot[] ballots = Of("1,2,3,4,90");
        Assert.Multiple(() =>
        {
            Assert.That(VoteRule.Mean.Count(ballots).Winner, Is.EqualTo("20"));
            Assert.That(VoteRule.Mean.Count(ballots).Spread, Is.EqualTo(Math.Sqrt(((19 * 19) + (18 * 18) + (17 * 17) + (16 * 16) + (70 * 70)) / 5.0)).Within(1e-9));
            Assert.That(VoteRule.TrimmedMean(0.2).Count(ballots).Winner, Is.EqualTo("3"));
            Assert.That(VoteRule.Mean.Count(Of("-,-")).Winner, Is.Null);
        });
    }

    [Test]
    public void Averages_KeepTheUnit_AndLeaveOtherDimensionsOut([Values("1 km,3000 m,9 kg,7", "7,1 km,9 kg,3000 m")] string answers)
    {
        Ballot[] ballots = [.. answers.Split(',').Select((answer, i) => new Ballot { Voter = $"v{i}", Text = answer, Choice = BallotNormalizer.Quantity.Read(answer) })];
        foreach (IVoteRule rule in new[] { VoteRule.Mean, VoteRule.Median, VoteRule.TrimmedMean(0) })
        {
            Vote vote = rule.Count(ballots);
            Assert.That((vote.Winner, vote.Spread), Is.EqualTo(("2000 m", (double?)1000)));
            Assert.That(vote.Ballots.Where(ballot => ballot.Choice is null).Select(ballot => ballot.Text), Is.EquivalentTo(new[] { "9 kg", "7" }), "shown, without a choice");
        }
    }

    [Test]
    public void Averages_OfTwoDimensionsWithEqualWeight_AreNone()
    {
        Vote vote = VoteRule.Mean.Count(Of("5 m,5 s"));
        Assert.That((vote.Outcome, vote.Winner), Is.EqualTo((VoteOutcome.NoAgreement, (string?)null)));
    }

    [Test]
    public void Averages_LeaveOutWhatNoDoubleHolds() => Assert.That(VoteRule.Mean.Count(Of($"1,3,1{new string('0', 350)}")).Winner, Is.EqualTo("2"));

    [Test]
    public void Averages_OfHugeNumbers_AreFinite()
    {
        string huge = $"1{new string('0', 308)}";
        foreach (IVoteRule rule in new[] { VoteRule.Mean, VoteRule.Median, VoteRule.TrimmedMean(0.1) })
        {
            Vote same = rule.Count(Of(string.Join(',', Enumerable.Repeat(huge, 10))));
            Vote apart = rule.Count(Of($"{huge},{huge},-{huge},-{huge}"));
            Assert.That((same.Winner, same.Agreement, same.Spread), Is.EqualTo((huge, 1.0, (double?)0)));
            Assert.That(apart.Winner, Is.EqualTo("0"));
            Assert.That(apart.Spread, Is.EqualTo(1e308).Within(1e-9).Percent);
        }
    }

    [Test]
    public void MeanLogProbability_LetsOneVoterRuleAChoiceOut()
    {
        Ballot[] ballots = [Says(0.6, 0.4), Says(0.6, 0.4), Says(0.001, 0.999)];
        Assert.Multiple(() =>
        {
            Assert.That(VoteRule.Plurality.Count(ballots).Winner, Is.EqualTo("a"));
            Assert.That(VoteRule.MeanLogProbability.Count(ballots).Winner, Is.EqualTo("b"));
            Assert.That(VoteRule.MeanProbability.Count(ballots).Agreement, Is.EqualTo((0.4 + 0.4 + 0.999) / 3).Within(1e-9));
        });
    }

    [Test]
    public void LogOdds_OfAGuesserIsZero_AndGrowsWithAccuracy() => Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[2, 10]).Sample((a, b, choices) =>
        VoteWeights.LogOdds(1.0 / choices, choices) < 1e-9 && (a <= b ? VoteWeights.LogOdds(a, choices) <= VoteWeights.LogOdds(b, choices) : VoteWeights.LogOdds(a, choices) >= VoteWeights.LogOdds(b, choices)));

    [Test]
    public void LearnedAccuracy_OfFewAnswersIsCareful() => Assert.That((VoteWeights.LearnedAccuracy(0, 0), VoteWeights.LearnedAccuracy(2, 2)), Is.EqualTo((0.5, 0.75)));

    [Test]
    public void Calibration_TakesAHabitOff()
    {
        double[][] rows = [.. Enumerable.Range(0, 20).Select(i => BaggingMath.Normalize(i % 2 == 0 ? [-4, -2] : [-5, -1]))];
        ChoiceCalibration fit = ChoiceCalibration.Fit(rows, [.. rows.Select((_, i) => i % 2)]);
        Assert.Multiple(() =>
        {
            Assert.That(fit.Slope, Is.Positive);
            Assert.That(BaggingMath.Best(rows[0]), Is.EqualTo(1));
            Assert.That(BaggingMath.Best(fit.Apply(rows[0])), Is.EqualTo(0));
            Assert.That(BaggingMath.Best(fit.Apply(rows[1])), Is.EqualTo(1));
        });
    }

    private static Ballot[] Of(string choices) => [.. choices.Split(',').Select(choice => new Ballot { Voter = "v", Choice = choice == "-" ? null : choice })];

    private static Ballot Says(double a, double b) =>
        new() { Voter = "v", Choice = a > b ? "a" : "b", Probabilities = [KeyValuePair.Create("a", a), KeyValuePair.Create("b", b)] };

    private static bool SameWhenStopped(IVoteRule rule, List<Ballot> ballots)
    {
        Vote full = rule.Count(ballots);
        for (int arrived = 1; arrived < ballots.Count; arrived++)
        {
            if (rule.IsDecided(ballots.ToArray().AsSpan(0, arrived), ballots.Skip(arrived).Sum(b => b.Weight)))
            {
                // Those that were stopped have no choice.
                Vote stopped = rule.Count([.. ballots.Select((b, i) => i < arrived ? b : new Ballot { Voter = b.Voter, Weight = b.Weight })]);
                return (stopped.Outcome, stopped.Winner) == (full.Outcome, full.Winner);
            }
        }

        return true;
    }

    private static bool SameWhenShuffled(IVoteRule rule, List<Ballot> ballots, int seed)
    {
        Ballot[] shuffled = [.. ballots];
        new Random(seed).Shuffle(shuffled);
        Vote one = rule.Count(ballots), other = rule.Count(shuffled);
        return one.Outcome == other.Outcome && Math.Abs(one.Agreement - other.Agreement) < 1e-9 && (one.Outcome != VoteOutcome.Decided || one.Winner == other.Winner);
    }
}
