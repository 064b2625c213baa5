using CsCheck;

namespace Ensemble.Tests;

public class PluralityTests
{
    private static readonly Gen<List<Ballot>> Ballots = Gen.Select(Gen.Int[0, 4].Select(i => i == 4 ? null : "abcd"[i].ToString()), Gen.Int[1, 3],
        (choice, weight) => new Ballot { Voter = "v", Choice = choice, Weight = weight }).List[1, 12];

    [Test]
    public void Count_DoesNotDependOnTheOrderOfBallots() => Gen.Select(Ballots, Gen.Int).Sample((ballots, seed) =>
    {
        Ballot[] shuffled = [.. ballots];
        new Random(seed).Shuffle(shuffled);
        Vote one = Plurality.Count(ballots), other = Plurality.Count(shuffled);
        return one.Outcome == other.Outcome && one.Agreement.Equals(other.Agreement)
            && (one.Outcome != VoteOutcome.Decided || one.Winner == other.Winner)
            && one.Counts.OrderBy(c => c.Key).SequenceEqual(other.Counts.OrderBy(c => c.Key));
    });

    [Test]
    public void Count_RelabellingAnswers_RelabelsTheResult() => Ballots.Sample(ballots =>
    {
        Vote plain = Plurality.Count(ballots);
        Vote renamed = Plurality.Count([.. ballots.Select(b => new Ballot { Voter = b.Voter, Choice = b.Choice is null ? null : $"x{b.Choice}", Weight = b.Weight })]);
        return renamed.Winner == (plain.Winner is null ? null : $"x{plain.Winner}") && renamed.Outcome == plain.Outcome;
    });

    [Test]
    public void Count_OneMoreBallotForTheWinner_KeepsItWinning() => Ballots.Sample(ballots =>
    {
        Vote before = Plurality.Count(ballots);
        return before.Winner is null || Plurality.Count([.. ballots, new Ballot { Voter = "late", Choice = before.Winner }]).Winner == before.Winner;
    });

    [Test]
    public void Count_UnreadableBallots_ChangeNothingButTheList() => Ballots.Sample(ballots =>
    {
        Vote with = Plurality.Count([.. ballots, new Ballot { Voter = "mute" }]), without = Plurality.Count(ballots);
        return with.Winner == without.Winner && with.Agreement.Equals(without.Agreement) && with.Outcome == without.Outcome && with.Ballots.Count == without.Ballots.Count + 1;
    });

    [Test]
    public void Count_TieBreak_DecidesOnlyAmongEquals()
    {
        Ballot[] ballots = [new() { Voter = "1", Choice = "a" }, new() { Voter = "2", Choice = "b" }, new() { Voter = "3", Choice = "b" }, new() { Voter = "4", Choice = "a" }, new() { Voter = "5", Choice = "c" }];
        Assert.Multiple(() =>
        {
            Assert.That(Plurality.Count(ballots).Winner, Is.EqualTo("a"));
            Assert.That(Plurality.Count(ballots, choice => choice[0]).Winner, Is.EqualTo("b"));
            Assert.That(Plurality.Count(ballots, choice => choice[0]).Outcome, Is.EqualTo(VoteOutcome.Tied));
        });
    }
}
