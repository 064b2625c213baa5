using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

public class TextClassifierTests
{
    private static readonly LabeledExample[] Examples =
        [.. Enumerable.Range(0, 16).Select(i => new LabeledExample($"{(i % 2 == 0 ? "good" : "bad")} number {i}", i % 2 == 0 ? "yes" : "no"))];

    private static readonly BaggingData Data = BaggingData.FromExamples(Examples, bags: 5, textWord: "Review", labelWord: "Liked");

    // Leans to "no" by 3, and moves by 1 with the text.
    private static double[] Biased(ScoringRequest request) => request.Query.Contains("good", StringComparison.Ordinal) ? [-4, -2] : [-5, -1];

    [Test]
    public async Task BiasedVoters_AreRightOnceFitted_AndTheAccuracyIsKnownBefore()
    {
        TextClassifier sut = await TextClassifier.FitAsync(Client(new FakeScorer(Biased)), null, Data);
        TextPrediction good = await sut.PredictAsync("good film"), bad = await sut.PredictAsync("bad film");
        Assert.Multiple(() =>
        {
            Assert.That(sut.EstimatedAccuracy.Value, Is.EqualTo(1));
            Assert.That((good.Label, bad.Label), Is.EqualTo(("yes", "no")));
            Assert.That(good.Confidence, Is.GreaterThan(0.5).And.LessThanOrEqualTo(1));
            Assert.That(good.Agreement, Is.EqualTo(1));
            Assert.That(good.Probabilities.Sum(), Is.EqualTo(1).Within(1e-9));
            Assert.That(sut.Voters.All(voter => voter.Calibration is { Slope: > 0 }), Is.True);
        });
    }

    [Test]
    public async Task BagsOnly_StopAfterThree_WhenTheLeadIsClear()
    {
        FakeScorer scorer = new(Strong);
        TextClassifier early = await TextClassifier.FitAsync(Client(scorer), null, Data);
        TextClassifier full = await TextClassifier.FitAsync(Client(scorer), null, Data, new TextClassifierOptions { StopsEarly = false });
        TextPrediction one = await early.PredictAsync("good film"), other = await full.PredictAsync("good film");
        Assert.Multiple(() =>
        {
            Assert.That((one.Voters.Count, other.Voters.Count), Is.EqualTo((3, 5)));
            Assert.That(one.Label, Is.EqualTo(other.Label));
            Assert.That(one.Receipt.Notes.Single(), Does.Contain("2 of 5 voters"));
        });
    }

    [Test]
    public async Task SureEmbeddings_NeedNoVoter()
    {
        FakeScorer scorer = new(Strong);
        TextClassifier sut = await TextClassifier.FitAsync(Client(scorer), new Words(), Data);
        scorer.Requests.Clear();
        TextPrediction prediction = await sut.PredictAsync("good film", timeLeft: null, arrived: null, deferBelow: 0.5, embeds: true, default);
        Assert.Multiple(() =>
        {
            Assert.That(prediction.Label, Is.EqualTo("yes"));
            Assert.That(scorer.Requests, Is.Empty);
            Assert.That(prediction.Receipt.Attempts.Single().Member, Is.EqualTo("embedding"));
        });
    }

    [Test]
    public async Task MemberThatIsMissing_TakesItsThresholdAlong([Values("embedding", "bags")] string dead)
    {
        // The bags are sure of everything and wrong once; the embedding member knows better.
        bool down = false;
        double[] Score(ScoringRequest request) => down && dead == "bags" ? throw new HttpRequestException("down") : request.Query.Contains("14", StringComparison.Ordinal) ? [-7, -1] : Strong(request);
        Words words = new(text => down && dead == "embedding" ? throw new HttpRequestException("down") : text.Contains("good", StringComparison.Ordinal) && !text.Contains('6', StringComparison.Ordinal));
        TextClassifierOptions options = new() { StopsEarly = false, TargetAccuracy = 1 };
        TextClassifier both = await TextClassifier.FitAsync(Client(new FakeScorer(Score)), words, Data, options);
        TextClassifier other = dead == "embedding" ? await TextClassifier.FitAsync(Client(new FakeScorer(Score)), null, Data, options) : await TextClassifier.FitAsync(null, words, Data, options);
        double healthy = (await both.PredictAsync("good film")).Threshold;
        down = true;
        double alone = (await both.PredictAsync("good film")).Threshold;
        Assert.That(healthy, Is.EqualTo(both.Threshold));
        Assert.That(alone, Is.EqualTo(other.Threshold).Within(1e-12), "that of a classifier without the dead member");
        Assert.That(other.Threshold, Is.Not.EqualTo(both.Threshold).Within(0.01), "or the test could not fail");
    }

    [Test]
    public async Task DeadEmbeddingMember_CostsItsBallotOnly()
    {
        Words words = new(text => text.Contains("film", StringComparison.Ordinal) ? throw new HttpRequestException("down") : text.Contains("good", StringComparison.Ordinal));
        TextClassifier sut = await TextClassifier.FitAsync(Client(new FakeScorer(Strong)), words, Data);
        TextPrediction prediction = await sut.PredictAsync("good film");
        Assert.Multiple(() =>
        {
            Assert.That((prediction.Label, prediction.Receipt.Degraded), Is.EqualTo(("yes", true)));
            Assert.That(prediction.EmbeddingLogProbabilities, Is.Null);
            Assert.That(prediction.Receipt.Attempts.Single(attempt => attempt.Failure is not null).Member, Is.EqualTo("embedding"));
        });
    }

    [Test]
    public async Task WhatWouldDefer_HearsItsOwnVotersFirst()
    {
        FakeScorer scorer = new(Strong);
        TextClassifier sut = await TextClassifier.FitAsync(Client(scorer), new Words(), Data);
        scorer.Requests.Clear();
        _ = await sut.PredictAsync("good film", timeLeft: null, arrived: null, deferBelow: 1, embeds: true, default);
        Assert.That(scorer.Requests, Is.Not.Empty);
    }

    [Test]
    public async Task BlindEmbeddings_AreOutvotedByTheBags()
    {
        TextClassifier sut = await TextClassifier.FitAsync(Client(new FakeScorer(Strong)), new Words(blind: true), Data);
        TextPrediction prediction = await sut.PredictAsync("good film");
        Assert.That((prediction.Label, prediction.Voters.Count > 0), Is.EqualTo(("yes", true)));
    }

    [Test]
    public async Task SavedFit_GivesTheSameBits([Values] bool embeddings)
    {
        Words? words = embeddings ? new Words(blind: true) : null;
        TextClassifier sut = await TextClassifier.FitAsync(Client(new FakeScorer(Biased)), words, Data);
        using MemoryStream json = new();
        await sut.SaveAsync(json);
        json.Position = 0;
        TextClassifier back = await TextClassifier.LoadAsync(json, Client(new FakeScorer(Biased)), words);
        TextPrediction one = await sut.PredictAsync("good or bad"), other = await back.PredictAsync("good or bad");
        Assert.Multiple(() =>
        {
            Assert.That(other.Probabilities, Is.EqualTo(one.Probabilities));
            Assert.That((back.Threshold, back.EstimatedAccuracy.Value), Is.EqualTo((sut.Threshold, sut.EstimatedAccuracy.Value)));
        });
    }

    [Test]
    public async Task SavedFit_WithOtherMembers_IsMeasuredAgain_AsIfFittedWithThem([Values] bool savesEmbedding, [Values("bags", "embedding", "both")] string loads)
    {
        static FakeClient Model() => Client(new FakeScorer(request => request.Query.Contains('7', StringComparison.Ordinal) ? [-1, -1.5] : Biased(request)));
        static bool Knows(string text) => text.Contains("good", StringComparison.Ordinal) && !text.Contains('8', StringComparison.Ordinal);
        TextClassifier saved = await TextClassifier.FitAsync(Model(), savesEmbedding ? new Words(Knows) : null, Data);
        using MemoryStream json = new();
        await saved.SaveAsync(json);
        json.Position = 0;
        FakeClient? client = loads == "embedding" ? null : Model();
        Words? words = loads == "bags" ? null : new Words(Knows);
        TextClassifier loaded = await TextClassifier.LoadAsync(json, client, words), fitted = await TextClassifier.FitAsync(client, words, Data);
        TextPrediction one = await loaded.PredictAsync("good number 8"), other = await fitted.PredictAsync("good number 8");
        Assert.Multiple(() =>
        {
            Assert.That(one.Probabilities, Is.EqualTo(other.Probabilities));
            Assert.That((loaded.Threshold, loaded.EstimatedAccuracy.ToString()), Is.EqualTo((fitted.Threshold, fitted.EstimatedAccuracy.ToString())));
            Assert.That(loaded.Voters, Has.Count.EqualTo(loads == "embedding" ? 0 : 5));
        });
    }

    [Test]
    public async Task SavedFit_OfAnotherModel_WithoutVoters_OrBroken_IsRefusedWithTheFix()
    {
        string bags = await SaveAsync(Named("small"), null), embedding = await SaveAsync(null, new Words());
        Assert.Multiple(() =>
        {
            Assert.That(() => LoadAsync(bags, Named("large")), Throws.InstanceOf<EnsembleException>().With.Message.Contains("give 'small', or fit again"));
            Assert.That(() => LoadAsync(embedding, Named("small")), Throws.InstanceOf<EnsembleException>().With.Message.Contains("leave the language model out, or fit again"));
            Assert.That(() => LoadAsync(bags.Replace("outOfBag", "other", StringComparison.Ordinal), Named("small")), Throws.InstanceOf<EnsembleException>().With.Message.Contains("Fit and save it again"));
            Assert.That(() => LoadAsync("{", Named("small")), Throws.InstanceOf<EnsembleException>().With.Message.Contains("cannot be read"));
            Assert.That(() => LoadAsync(bags, Named("small")), Throws.Nothing);
        });

        static FakeClient Named(string name) => Client(new FakeScorer(Biased)).With(new ChatClientMetadata("fake", null, name));
        static Task<TextClassifier> LoadAsync(string json, IChatClient client) => TextClassifier.LoadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json)), client, null);
        static async Task<string> SaveAsync(IChatClient? client, Words? words)
        {
            using MemoryStream json = new();
            await (await TextClassifier.FitAsync(client, words, Data)).SaveAsync(json);
            return System.Text.Encoding.UTF8.GetString(json.ToArray());
        }
    }

    [Test]
    public async Task FewExamples_AreEnough_AsLongAsOneOfEachLabelStaysOutOfTheBag([Values(2, 3, 5)] int perLabel)
    {
        LabeledExample[] few = Examples[..(2 * perLabel)];
        BaggingData data = BaggingData.FromExamples(few, bags: 3);
        TextClassifier bags = await TextClassifier.FitAsync(Client(new FakeScorer(Biased)), null, data);
        Assert.That((await bags.PredictAsync("good film")).Label, Is.EqualTo("yes"));
        Assert.That(data.Bags.All(bag => bag.Count <= perLabel), Is.True, "half of them calibrate");
        TextClassifier embedding = await TextClassifier.FitAsync(null, new Words(), BaggingData.FromExamples(few, bags: 0));
        Assert.That((await embedding.PredictAsync("bad film")).Label, Is.EqualTo("no"));
    }

    [Test]
    public async Task OneRequestAmongOthers_GivesTheSameBits()
    {
        TextClassifier sut = await TextClassifier.FitAsync(Client(new FakeScorer(Biased)), null, Data);
        TextPrediction alone = await sut.PredictAsync("good film");
        TextPrediction[] together = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => sut.PredictAsync(i == 2 ? "good film" : $"bad film {i}")));
        Assert.That(together[2].Probabilities, Is.EqualTo(alone.Probabilities));
    }

    [Test]
    public async Task Threshold_SeparatesWhatIsSureEnough()
    {
        // Says the right label for all but the numbers 14 and 15, and is unsure there.
        double[] Score(ScoringRequest request) => request.Query.Contains("14", StringComparison.Ordinal) ? [-2, -1.9] : request.Query.Contains("15", StringComparison.Ordinal) ? [-1.9, -2] : Strong(request);
        TextClassifier sut = await TextClassifier.FitAsync(Client(new FakeScorer(Score)), null, Data, new TextClassifierOptions { TargetAccuracy = 1 });
        TextPrediction sure = await sut.PredictAsync("good film"), unsure = await sut.PredictAsync("number 14");
        Assert.That((sure.Defers, unsure.Defers), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Threshold_OfExamplesThatAreAllRight_IsNotAboveTheTarget()
    {
        // The examples are surer than any new text will be.
        TextClassifier sut = await TextClassifier.FitAsync(Client(new FakeScorer(request => request.Query.Contains("new", StringComparison.Ordinal) ? [-1, -4] : request.Query.Contains("good", StringComparison.Ordinal) ? [-1, -30] : [-30, -1])), null, Data);
        TextPrediction sure = await sut.PredictAsync("something new");
        Assert.That((sut.EstimatedAccuracy.Value, sut.Threshold), Is.EqualTo((1.0, 0.9)));
        Assert.That((sure.Confidence > 0.9, sure.Defers), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task MistakesOfTheData_AreTypedErrors()
    {
        Assert.That(() => BaggingData.FromExamples([new("a", "x"), new("b", "x")]), Throws.InstanceOf<EnsembleException>().With.Message.Contains("at least two labels"));
        Assert.That(() => BaggingData.FromExamples([]), Throws.InstanceOf<EnsembleException>());
        Assert.That(() => BaggingData.FromExamples([new("a", "x"), new("b", "y")]), Throws.InstanceOf<EnsembleException>().With.Message.Contains("Give more examples"));
        Assert.That(() => BaggingData.FromExamples([new("a", "Good"), new("b", "good")], bags: 0), Throws.InstanceOf<EnsembleException>().With.Message.Contains("'Good' and 'good'"));
        Assert.That(() => TextClassifier.FitAsync(null, new Words(), BaggingData.FromExamples([new("a", "x"), new("b", "y")], bags: 0)), Throws.InstanceOf<EnsembleException>().With.Message.Contains("give at least 2"));
        Assert.That(() => TextClassifier.FitAsync(Client(new FakeScorer(Biased)), null, BaggingData.FromExamples(Examples, bags: 0)), Throws.InstanceOf<EnsembleException>().With.Message.Contains("Draw them"));
        Assert.That(await Assert.ThrowsAsync<ArgumentException>(() => TextClassifier.FitAsync(null, null, Data)), Is.Not.Null);
        EnsembleException? same = await Assert.ThrowsAsync<EnsembleException>(() => TextClassifier.FitAsync(Client(new FakeScorer(Biased, sameFirstToken: true)), null, Data));
        Assert.That(same!.Message, Does.Contain("start with the same token"));
        TextClassifier sut = await TextClassifier.FitAsync(null, new Words(), Data);
        Assert.That((await Assert.ThrowsAsync<EnsembleException>(() => sut.PredictAsync(" ")))!.Message, Does.Contain("text to classify is empty"));
    }

    private static double[] Strong(ScoringRequest request) => request.Query.Contains("good", StringComparison.Ordinal) ? [-1, -7] : [-7, -1];

    private static FakeClient Client(FakeScorer scorer) => FakeClient.Says("x").With<IContinuationScorer>(scorer).With(new MemberTraits { InProcess = true });

    /// <summary>Vectors that say whether the text is good, or nothing.</summary>
    private sealed class Words(Func<string, bool> isGood, bool blind = false) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Words(bool blind = false)
            : this(text => text.Contains("good", StringComparison.Ordinal), blind)
        {
        }

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(new[] { blind ? 0.5f : isGood(text) ? 1f : 0f, 1f }))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
