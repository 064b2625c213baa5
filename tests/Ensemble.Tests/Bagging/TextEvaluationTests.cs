using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

public class TextEvaluationTests
{
    private static readonly LabeledExample[] Examples =
        [.. Enumerable.Range(0, 16).Select(i => new LabeledExample($"{(i % 2 == 0 ? "good" : "bad")} number {i}", i % 2 == 0 ? "yes" : "no"))];

    [Test]
    public async Task BiasedVoters_AreHalfRightRaw_AndRightCalibrated()
    {
        FakeScorer scorer = new(request => request.Query.Contains("good", StringComparison.Ordinal) ? [-4, -2] : [-5, -1]);
        TextClassifier sut = await TextClassifier.FitAsync(
            FakeClient.Says("x").With<IContinuationScorer>(scorer), null, BaggingData.FromExamples(Examples, bags: 3), new TextClassifierOptions { StopsEarly = false });
        TextEvaluation evaluation = TextEvaluation.Of([await sut.PredictAsync("good film"), await sut.PredictAsync("bad film")], ["yes", "no"]);
        Assert.Multiple(() =>
        {
            Assert.That((evaluation.RawVote!.Value, evaluation.AverageVoter!.Value), Is.EqualTo((0.5, 0.5)));
            Assert.That((evaluation.CenteredVote!.Value, evaluation.CenteredMean!.Value, evaluation.Bags!.Value, evaluation.Answer.Value), Is.EqualTo((1.0, 1.0, 1.0, 1.0)));
            Assert.That(evaluation.Rows().Select(row => row.Key), Is.EqualTo(new[] { "one sample", "average voter", "raw vote", "centred vote", "centred mean", "bags, fitted", "answer" }));
            Assert.That(() => TextEvaluation.Of([], []), Throws.ArgumentException);
        });
    }
}
