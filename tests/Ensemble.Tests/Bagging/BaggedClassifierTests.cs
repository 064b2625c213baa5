using System.Text;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

public class BaggedClassifierTests
{
    private static readonly string[] Labels = ["yes", "no"];

    private static readonly LabeledExample[] Examples =
        [new("good one", "yes"), new("good two", "yes"), new("good three", "yes"), new("bad one", "no"), new("bad two", "no"), new("bad three", "no")];

    private static readonly BaggingData Data = new(Labels, Examples, [[0, 3], [1, 4], [2, 5]], "Review", "Liked", [new("good film", "yes"), new("bad film", "no")]);

    // Leans to "no" by 3, and moves by 1 with the text: raw it says "no" to everything, calibrated it is right.
    private static double[] Biased(ScoringRequest request) => request.Query.Contains("good", StringComparison.Ordinal) ? [-4, -2] : [-5, -1];

    [Test]
    public async Task BiasedModel_IsRightOnceItsHabitIsTakenOff()
    {
        BaggedClassifier sut = await BaggedClassifier.FitAsync(Client(new FakeScorer(Biased)), Data);
        BaggedPrediction[] predictions = [await sut.PredictAsync("good film"), await sut.PredictAsync("bad film")];
        BaggedEvaluation evaluation = BaggedEvaluation.Of(predictions, ["yes", "no"]);
        Assert.Multiple(() =>
        {
            Assert.That(sut.OutOfBagAccuracy.Value, Is.EqualTo(1));
            Assert.That(predictions.Select(p => p.Label), Is.EqualTo(Labels));
            Assert.That(predictions[0].RawVote.Winner, Is.EqualTo("no"));
            Assert.That(predictions[0].Vote.Winner, Is.EqualTo("yes"));
            Assert.That(evaluation.RawVote.Value, Is.EqualTo(0.5));
            Assert.That(evaluation.AverageVoter.Value, Is.EqualTo(0.5));
            Assert.That(evaluation.CalibratedVote.Value, Is.EqualTo(1));
            Assert.That(evaluation.MeanLogProbability.Value, Is.EqualTo(1));
            // The right label has 1 / (1 + e^2) for "good film" and 1 / (1 + e^-4) for "bad film".
            Assert.That(evaluation.Sample.Value, Is.EqualTo(((1 / (1 + Math.Exp(2))) + (1 / (1 + Math.Exp(-4)))) / 2).Within(1e-12));
        });
    }

    [Test]
    public async Task Prompt_IsThePrefixOfTheBagAndAQueryThatStartsWithASpace()
    {
        FakeScorer scorer = new(Biased);
        BaggedClassifier sut = await BaggedClassifier.FitAsync(Client(scorer), Data);
        scorer.Requests.Clear();
        _ = await sut.PredictAsync("so so");
        Assert.Multiple(() =>
        {
            Assert.That(scorer.Requests[0].Prefix, Is.EqualTo("Review: good one\nLiked: yes\n\nReview: bad one\nLiked: no\n\nReview:"));
            Assert.That(scorer.Requests[0].Query, Is.EqualTo(" so so\nLiked:"));
            Assert.That(scorer.Requests[0].Continuations, Is.EqualTo(new[] { " yes", " no" }));
            Assert.That(scorer.Requests[0].FirstTokenOnly, Is.True);
            Assert.That(scorer.Requests.Select(r => r.Prefix), Is.EqualTo(sut.Voters.Select(v => v.Prefix)));
        });
    }

    [Test]
    public async Task Fit_ScoresOnlyExamplesOutOfTheBag_AndReportsProgressToTheEnd()
    {
        FakeScorer scorer = new(Biased);
        List<BaggingProgress> reports = [];
        _ = await BaggedClassifier.FitAsync(Client(scorer), Data, progress: new Reports(reports));
        Assert.Multiple(() =>
        {
            Assert.That(scorer.Requests, Has.Count.EqualTo(12));
            Assert.That(scorer.Requests.Any(r => r.Prefix.Contains(r.Query.Split('\n')[0].Trim(), StringComparison.Ordinal)), Is.False);
            Assert.That(reports[^1], Is.EqualTo(new BaggingProgress(12, 12)));
        });
    }

    [Test]
    public async Task Receipt_AddsUpTheVoters()
    {
        BaggedClassifier sut = await BaggedClassifier.FitAsync(Client(new FakeScorer(Biased)).With(new MemberTraits { InProcess = true }), Data);
        Receipt receipt = (await sut.PredictAsync("good film")).Receipt;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.Attempts.Select(a => a.Member), Is.EqualTo(new[] { "voter1", "voter2", "voter3" }));
            Assert.That((receipt.InputTokens, receipt.CachedInputTokens, receipt.CostUsd), Is.EqualTo((60L, 45L, 0m)));
            Assert.That(receipt.Vote!.Agreement, Is.EqualTo(1));
            Assert.That(receipt.ToString(), Does.Contain("the members answered together").And.Contain("'yes' won"));
        });
    }

    [Test]
    public void ClientThatCannotScore_IsATypedError() =>
        Assert.That(() => BaggedClassifier.FitAsync(FakeClient.Says("x"), Data), Throws.InstanceOf<UnsupportedOptionException>());

    [Test]
    public void LabelsWithTheSameFirstToken_AreATypedErrorThatNamesThem() =>
        Assert.That(
            () => BaggedClassifier.FitAsync(Client(new FakeScorer(Biased, sameFirstToken: true)), Data),
            Throws.InstanceOf<EnsembleException>().With.Message.Contains("'yes'").And.Message.Contains("'no'"));

    [Test]
    public void Cancellation_EndsTheFit()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.That(() => BaggedClassifier.FitAsync(Client(new FakeScorer(Biased)), Data, cancellationToken: cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Json_IsReadAsItStandsInAFile()
    {
        const string Json = """{"labels":["yes","no"],"textWord":"Q","labelWord":"A","examples":[{"text":"a","label":"yes"},{"text":"b","label":"no"},{"text":"c","label":"yes"},{"text":"d","label":"no"}],"bags":[[0,1]],"test":[{"text":"e","label":"no"}]}""";
        BaggingData data = await BaggingData.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(Json)));
        Assert.That((data.TextWord, data.Examples[3].Label, data.Bags[0][1], data.Test[0].Text), Is.EqualTo(("Q", "no", 1, "e")));
    }

    [TestCase("""{"labels":["yes"],"examples":[],"bags":[]}""", "labels")]
    [TestCase("""{"labels":["yes","no"],"examples":[{"text":"a","label":"maybe"}],"bags":[]}""", "maybe")]
    [TestCase("""{"labels":["yes","no"],"examples":[{"text":"a","label":"yes"},{"text":"b","label":"no"}],"bags":[[0,5]]}""", "bags[0]")]
    [TestCase("""{"labels":["yes","no"],"examples":[{"text":"a","label":"yes"},{"text":"b","label":"no"}],"bags":[[0,1]]}""", "stays out of the bag")]
    [TestCase("""{"labels":["yes","no"],"examples":[{"text":"","label":"yes"}],"bags":[]}""", "cannot be read")]
    [TestCase("""{"labels":""", "cannot be read")]
    public async Task Json_ThatDoesNotFit_IsATypedErrorThatNamesThePart(string json, string expected)
    {
        EnsembleException? error = await Assert.ThrowsAsync<EnsembleException>(() => BaggingData.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(json))));
        Assert.That(error!.Message, Does.Contain(expected));
    }

    [Test]
    public void DrawBags_IsBalanced_WithoutRepeats_AndTheSameForTheSameSeed()
    {
        IReadOnlyList<IReadOnlyList<int>> bags = BaggingData.DrawBags(Labels, Examples, count: 9, perLabel: 2, seed: 1);
        Assert.Multiple(() =>
        {
            Assert.That(bags, Has.Count.EqualTo(9));
            Assert.That(bags.All(bag => bag.Distinct().Count() == 4 && bag.Count(i => Examples[i].Label == "yes") == 2), Is.True);
            Assert.That(BaggingData.DrawBags(Labels, Examples, 9, 2, 1), Is.EqualTo(bags));
            Assert.That(() => BaggingData.DrawBags(Labels, Examples, 9, 3, 1), Throws.InstanceOf<EnsembleException>().With.Message.Contains("'yes'"));
        });
    }

    [Test]
    public async Task Evaluation_RefusesListsThatDoNotFit()
    {
        BaggedClassifier sut = await BaggedClassifier.FitAsync(Client(new FakeScorer(Biased)), Data);
        BaggedPrediction prediction = await sut.PredictAsync("good film");
        Assert.Multiple(() =>
        {
            Assert.That(() => BaggedEvaluation.Of([prediction], []), Throws.ArgumentException);
            Assert.That(() => BaggedEvaluation.Of([prediction], ["maybe"]), Throws.ArgumentException.With.Message.Contains("maybe"));
        });
    }

    private static FakeClient Client(FakeScorer scorer) => FakeClient.Says("x").With<IContinuationScorer>(scorer);

    private sealed class Reports(List<BaggingProgress> into) : IProgress<BaggingProgress>
    {
        public void Report(BaggingProgress value) => into.Add(value);
    }
}
