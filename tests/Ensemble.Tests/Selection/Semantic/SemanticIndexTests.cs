using CsCheck;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection.Semantic;

public sealed class SemanticIndexTests
{
    private static readonly ReadOnlyMemory<float>[] Vectors = Clusters.Draw(3, topics: 4, each: 8);

    private static readonly string[] Names = ["north", "east", "south", "west"];

    [Test]
    public void Match_AnExample_FindsItsRoute([Values] SemanticScoring scoring)
    {
        SemanticIndex index = Create(scoring);

        Assert.That(Vectors.Select((v, i) => index.Match(v.Span).Best == Names[i / 8]), Is.All.True);
    }

    [Test]
    public void Match_SomethingElse_IsNoneOfThese([Values] SemanticScoring scoring)
    {
        SemanticIndex index = Create(scoring);
        float[] opposite = [.. Vectors[0].ToArray().Select(v => -v)];

        SemanticMatch match = scoring == SemanticScoring.Regression ? index.Match(new float[32]) : index.Match(opposite);

        Assert.That((match.IsMatch, match.Route), Is.EqualTo((false, (string?)null)));
        Assert.That(match.ToString(), Does.StartWith("none of these"));
    }

    [Test]
    public void Match_LengthOfTheVector_ChangesNothing([Values] SemanticScoring scoring) =>
        Gen.Float[0.01f, 100f].Sample(factor =>
        {
            SemanticIndex index = Shared(scoring);
            SemanticMatch one = index.Match(Vectors[5].Span);
            SemanticMatch other = index.Match(Vectors[5].ToArray().Select(v => v * factor).ToArray());

            Assert.That(other.Best, Is.EqualTo(one.Best));
            Assert.That(other.Score, Is.EqualTo(one.Score).Within(1e-3));
        });

    [Test]
    public void Match_ExamplesInAnotherOrder_ChangesNothing([Values] SemanticScoring scoring)
    {
        int[] order = [.. Enumerable.Range(0, 32)];
        new Random(5).Shuffle(order);
        SemanticIndex shuffled = SemanticIndex.Create(Names, [.. order.Select(i => Vectors[i])], [.. order.Select(i => i / 8)], new SemanticOptions { Scoring = scoring });
        SemanticIndex index = Create(scoring);

        foreach (ReadOnlyMemory<float> query in Clusters.Draw(4, 6, 5))
        {
            Assert.That(shuffled.Match(query.Span).Best, Is.EqualTo(index.Match(query.Span).Best));
            Assert.That(shuffled.Match(query.Span).Score, Is.EqualTo(index.Match(query.Span).Score).Within(1e-3));
        }
    }

    [Test]
    public void Threshold_SmallerAcceptedShare_IsHigher([Values] SemanticScoring scoring)
    {
        double[] thresholds = [.. new[] { 0.99, 0.8, 0.5, 0.1 }.Select(share => Create(scoring, share).Threshold)];

        Assert.That(thresholds, Is.Ordered.Ascending);
        Assert.That(thresholds[0], Is.LessThan(thresholds[^1]));
    }

    [Test]
    public void Threshold_Given_IsTaken() =>
        Assert.That(SemanticIndex.Create(Names, Vectors, Clusters.Labels(4, 8), new SemanticOptions { Threshold = 1000 }).Match(Vectors[0].Span).IsMatch, Is.False);

    [Test]
    public void Scoring_Automatic_FitsFewRoutesAndAveragesMany()
    {
        SemanticIndex one = SemanticIndex.Create(["only"], Clusters.Draw(1, 1, 4), Clusters.Labels(1, 4), new SemanticOptions());
        SemanticIndex many = SemanticIndex.Create([.. Enumerable.Range(0, 65).Select(i => $"r{i}")], Clusters.Draw(1, 65, 2), Clusters.Labels(65, 2), new SemanticOptions());

        Assert.That((one.Scoring, Create(SemanticScoring.Automatic).Scoring, many.Scoring), Is.EqualTo((SemanticScoring.Mean, SemanticScoring.Combined, SemanticScoring.Mean)));
    }

    [TestCase(4, SemanticScoring.Combined)]
    [TestCase(4, SemanticScoring.Mean)]
    [TestCase(1000, SemanticScoring.Mean)]
    public void Match_AllocatesNothing(int routes, SemanticScoring scoring)
    {
        ReadOnlyMemory<float>[] vectors = Clusters.Draw(9, routes, 2, dimensions: 384);
        SemanticIndex index = SemanticIndex.Create([.. Enumerable.Range(0, routes).Select(i => $"r{i}")], vectors, Clusters.Labels(routes, 2), new SemanticOptions { Scoring = scoring });
        int next = 0;
        Assert.That(Allocation.Of(() => index.Match(vectors[next++ % vectors.Length].Span)), Is.Zero);
    }

    [Test]
    public void Match_OtherDimensions_AreRefused() =>
        Assert.That(() => Create(SemanticScoring.Mean).Match(new float[31]), Throws.ArgumentException.With.Message.Contains("one model"));

    [Test]
    public async Task Create_FromTexts_EmbedsThemInOneCall()
    {
        HashedEmbeddings generator = new();
        SemanticIndex index = await SemanticIndex.CreateAsync(generator, [new("a", ["apple pie", "apple tart"]), new("b", ["blue sky", "blue sea"])]);

        Assert.That(generator.Calls, Is.EqualTo(1));
        Assert.That(index.Match(HashedEmbeddings.Embed("apple cake")).Best, Is.EqualTo("a"));
        Assert.That(index.Routes, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Create_NoRoute_IsRefused() =>
        Assert.That(async () => await SemanticIndex.CreateAsync(new HashedEmbeddings(), []), Throws.ArgumentException);

    [Test]
    public void Create_TwoRoutesOfOneName_AreRefused() =>
        Assert.That(
            async () => await SemanticIndex.CreateAsync(new HashedEmbeddings(), [new("a", ["x", "y"]), new("A", ["z", "w"])]),
            Throws.ArgumentException.With.Message.Contains("'a'"));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(double.NaN)]
    public void Create_AcceptedShareOutOfRange_IsRefused(double share) =>
        Assert.That(
            async () => await SemanticIndex.CreateAsync(new HashedEmbeddings(), [new("a", ["x", "y"])], new SemanticOptions { AcceptedShare = share }),
            Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Route_OneExample_IsRefusedWithTheReason() =>
        Assert.That(() => new SemanticRoute("a", ["only one"]), Throws.ArgumentException.With.Message.Contains("at least two"));

    [Test]
    public void Route_EmptyExample_IsRefused() =>
        Assert.That(() => new SemanticRoute("a", ["one", " "]), Throws.ArgumentException.With.Message.Contains("empty"));

    private static SemanticIndex Create(SemanticScoring scoring, double share = 0.8) =>
        SemanticIndex.Create(Names, Vectors, Clusters.Labels(4, 8), new SemanticOptions { Scoring = scoring, AcceptedShare = share });

    private static readonly Dictionary<SemanticScoring, Lazy<SemanticIndex>> Indexes =
        Enum.GetValues<SemanticScoring>().ToDictionary(s => s, s => new Lazy<SemanticIndex>(() => Create(s)));

    private static SemanticIndex Shared(SemanticScoring scoring) => Indexes[scoring].Value;
}
