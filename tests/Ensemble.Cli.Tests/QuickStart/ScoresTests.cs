using CsCheck;
using QuickStart.Bagging;

namespace Ensemble.Cli.Tests.QuickStart;

public class ScoresTests
{
    private const int Voters = 3;

    private static readonly TicketSet Tickets = new()
    {
        TextWord = "Text",
        LabelWord = "Label",
        Labels = ["a", "b"],
        Examples = [new("1", "a"), new("2", "a"), new("3", "b"), new("4", "b")],
        Bags = [[0], [2], [1]],
        Test = [new("5", "a"), new("6", "b"), new("7", "a"), new("8", "b"), new("9", "a")],
    };

    // Log-odds of label a, by voter and text: first the examples, then the test messages. Steps of the golden ratio never cancel to a tie.
    private static readonly Gen<double[][]> GenLogOdds = Gen.Int[1, 1_000_000].Select(step => step * 1.618033988749895 % 10 - 5).Array[Tickets.Examples.Count + Tickets.Test.Count].Array[Voters];

    [Test]
    public void Centring_ForgetsAnyHabitOfAVoter() => Gen.Select(GenLogOdds, Gen.Double[-20, 20].Array[Voters]).Sample((odds, habits) =>
    {
        Scores plain = Create(odds);
        Scores biased = Create([.. odds.Select((voter, index) => voter.Select(value => value + habits[index]).ToArray())]);
        return plain.RightByMean() == biased.RightByMean()
            && plain.RightByVote(centred: true) == biased.RightByVote(centred: true)
            && plain.RightOutOfBag() == biased.RightOutOfBag();
    });

    [Test]
    public void OrderOfTheVoters_DoesNotMatter() => GenLogOdds.Sample(odds =>
    {
        TicketSet turned = Tickets with { Bags = [.. Tickets.Bags.Reverse()] };
        Scores forward = Create(odds);
        Scores backward = Create([.. odds.Reverse()], turned);
        return forward.RightByMean() == backward.RightByMean()
            && forward.RightByVote(centred: false) == backward.RightByVote(centred: false)
            && Math.Abs(forward.ExpectedShareOfOneSample() - backward.ExpectedShareOfOneSample()) < 1e-12;
    });

    [Test]
    public void AVoterThatAlwaysSaysA_IsRightOnEveryAAndUselessWhenCentred()
    {
        Scores scores = Create([.. Enumerable.Repeat(Enumerable.Repeat(3.0, 9).ToArray(), Voters)]);
        Assert.That(scores.Right(0, centred: false), Is.EqualTo(3));
        Assert.That(scores.RightByVote(centred: false), Is.EqualTo(3));
        double certain = 1 / (1 + Math.Exp(-3));
        Assert.That(scores.ExpectedShareOfOneSample(), Is.EqualTo(((3 * certain) + (2 * (1 - certain))) / 5).Within(1e-12));
    }

    [Test]
    public void PerfectVoters_AreAlwaysRight()
    {
        double[] perfect = [.. Tickets.Examples.Concat(Tickets.Test).Select(text => text.Label == "a" ? 2.0 : -2.0)];
        Scores scores = Create([.. Enumerable.Repeat(perfect, Voters)]);
        Assert.That((scores.Right(1, true), scores.RightByVote(true), scores.RightByMean(), scores.RightOutOfBag()), Is.EqualTo((5, 5, 5, 4)));
    }

    private static Scores Create(double[][] logOdds, TicketSet? tickets = null)
    {
        tickets ??= Tickets;
        int examples = tickets.Examples.Count;
        return new Scores(
            tickets,
            [.. logOdds.Select(voter => voter[examples..].Select(Both).ToArray())],
            [.. logOdds.Select((voter, index) => voter[..examples].Select((value, example) => tickets.Bags[index].Contains(example) ? null : Both(value)).ToArray())]);
    }

    private static double[] Both(double logOdds) => LogProbabilities.Normalise([logOdds, 0]);
}
