using CsCheck;

namespace Ensemble.Tests.Selection;

internal sealed class BalancerTests
{
    private static readonly int[] All = [0, 1, 2];

    [Test]
    public void Weighted_PicksInProportion()
    {
        SelectionSnapshot snapshot = Deployments((1, 0), (3, 0), (0, 0));
        int[] counts = Count(snapshot, Balancing.Weighted, Choosing.Signals(snapshot));
        Assert.That(counts[0], Is.EqualTo(2_500).Within(200));
        Assert.That(counts[1], Is.EqualTo(7_500).Within(200));
        Assert.That(counts[2], Is.Zero);
    }

    [Test]
    public void ExponentialTime_IsTheNegativeLogarithm_AndNeverZero()
    {
        Gen.ULong.Sample(hash => SeededHash.AtLeast(hash) <= SeededHash.ToExponential(hash));
        Gen.ULong.Sample(hash => Math.Abs(SeededHash.ToExponential(hash) + Math.Log(SeededHash.ToUnit(hash))) < 2e-8 * Math.Max(1, -Math.Log(SeededHash.ToUnit(hash))));
        Assert.Multiple(() =>
        {
            Assert.That(SeededHash.ToExponential(ulong.MaxValue), Is.Positive.And.LessThan(1e-300));
            Assert.That(SeededHash.ToExponential(0), Is.EqualTo(53 * Math.Log(2)).Within(1e-8));
        });
    }

    [Test]
    public void LeastBusy_PicksTheFewestRequestsForItsWeight()
    {
        SelectionSnapshot snapshot = Deployments((1, 0), (4, 0), (1, 0));
        CandidateSignals[] signals = [new() { InFlight = 2 }, new() { InFlight = 4 }, new() { InFlight = 3 }];
        Assert.That(Count(snapshot, Balancing.LeastBusy, signals), Is.EqualTo(new[] { 0, 10_000, 0 }));
    }

    [Test]
    public void PowerOfTwo_NeverPicksTheSlowest_AndSpreadsOverTheOthers()
    {
        SelectionSnapshot snapshot = Deployments((1, 0), (1, 0), (1, 0));
        CandidateSignals[] signals = [new() { FirstTokenSeconds = 1 }, new() { FirstTokenSeconds = 2 }, new() { FirstTokenSeconds = 3 }];
        int[] counts = Count(snapshot, Balancing.PowerOfTwo, signals);
        Assert.That(counts[0], Is.EqualTo(6_667).Within(200));
        Assert.That(counts[1], Is.EqualTo(3_333).Within(200));
        Assert.That(counts[2], Is.Zero);
    }

    [Test]
    public void Headroom_PicksTheLargestShareLeft()
    {
        SelectionSnapshot snapshot = Deployments((1, 0), (1, 0), (1, 0));
        CandidateSignals[] signals = [new() { Headroom = 0.2 }, new() { Headroom = 0.1 }, new() { Headroom = 0.9 }];
        Assert.That(Count(snapshot, Balancing.Headroom, signals)[2], Is.EqualTo(10_000));
    }

    [Test]
    public void Nearest_PicksTheSameCountryBeforeItsAreaBeforeElsewhere()
    {
        Assert.That(First("US", "EU", "DE"), Is.EqualTo("DE"));
        Assert.That(First("US", "EU"), Is.EqualTo("EU"));
        Assert.That(First("US", "KR", "germanywestcentral"), Is.EqualTo("germanywestcentral"));

        static string? First(params string[] places)
        {
            SelectionSnapshot snapshot = SelectionSnapshot.Create(
                [Choosing.Member("m", deployments: [.. places.Select(place => new Deployment { Name = place, Processing = place })])], near: "DE");
            return Choosing.Decide(snapshot, balancing: Balancing.Nearest).Order[0].Deployment.Processing;
        }
    }

    [Test]
    public void AHigherTier_ComesOnlyWhenTheLowerIsOut([Values] Balancing balancing)
    {
        SelectionSnapshot snapshot = Deployments((1, 1), (1, 0), (1, 1));
        CandidateSignals[] signals = [new(), new(), new()];
        for (ulong seed = 0; seed < 50; seed++)
        {
            Assert.That(Choosing.Decide(snapshot, signals: signals, seed: seed, balancing: balancing).Order[0].Deployment.Name, Is.EqualTo("d1"));
        }

        signals[1].IsOut = true;
        Choosing.Choice choice = Choosing.Decide(snapshot, signals: signals, balancing: balancing);
        Assert.That(choice.Order[0].Deployment.Name, Is.Not.EqualTo("d1"));
        Assert.That(choice.Order[2].Deployment.Name, Is.EqualTo("d1"));
    }

    [Test]
    public void Pick_AllocatesNothing([Values] Balancing balancing)
    {
        SelectionSnapshot snapshot = Deployments((1, 0), (2, 0), (3, 0));
        CandidateSignals[] signals = Choosing.Signals(snapshot, 1);
        int pick = -1;
        ulong seed = 0;
        Assert.That(Allocation.Of(() => pick = Balancer.Pick(balancing, snapshot.Candidates, signals, All, ++seed)), Is.Zero);
        Assert.That(pick, Is.InRange(0, 2));
    }

    private static SelectionSnapshot Deployments(params (double Weight, int Tier)[] deployments) => SelectionSnapshot.Create(
        [Choosing.Member("m", deployments: [.. deployments.Select((d, i) => new Deployment { Name = "d" + i, Weight = d.Weight, Tier = d.Tier })])]);

    private static int[] Count(SelectionSnapshot snapshot, Balancing balancing, CandidateSignals[] signals)
    {
        int[] counts = new int[3];
        for (ulong seed = 0; seed < 10_000; seed++)
        {
            counts[All[Balancer.Pick(balancing, snapshot.Candidates, signals, All, seed)]]++;
        }

        return counts;
    }
}
