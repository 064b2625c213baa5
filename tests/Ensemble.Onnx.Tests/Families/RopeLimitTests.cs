using Ensemble.Onnx.Tests.Local;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Families;

internal sealed class RopeLimitTests
{
    [Test]
    public void TheLimit_IsReadFromTheGraph() => Assert.That(ModelFolder.Open(TinyModel.Folder(TinyModel.Phi)).RopeLimit, Is.EqualTo(128));

    [Test]
    public void OtherFamilies_HaveNone() => Assert.That(ModelFolder.Open(TinyModel.Folder(TinyModel.Llama)).RopeLimit, Is.Null);

    [TestCase("nothing of the kind")]
    [TestCase("/rope_caches_subgraph/Greater/output_0 /constants/INT64/7")]
    [TestCase("/constants/INT64/many /rope_caches_subgraph/Greater/output_0")]
    [TestCase("/constants/INT64/")]
    public void AGraphOfAnotherForm_HasThePublishedLimit(string graph) => Assert.That(RopeLimit.Parse(System.Text.Encoding.ASCII.GetBytes(graph)), Is.EqualTo(RopeLimit.Published));

    [Test]
    public async Task AScoreAcrossTheLimit_IsRefused()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Phi);
        string prompt = string.Concat(Enumerable.Repeat("the old lamp by the river ", 8));
        IContinuationScorer scorer = client.GetService<IContinuationScorer>()!;
        Assert.That(async () => await scorer.ScoreAsync(ScoringRequest.ForText(prompt, "", [string.Concat(Enumerable.Repeat(" two boats", 20))])),
            Throws.TypeOf<UnsupportedOptionException>().With.Message.Contains("128"));
        Assert.That((await scorer.ScoreAsync(ScoringRequest.ForText(prompt + prompt, "", [" two boats"]))).Best.LogLikelihood, Is.Negative);
    }
}
