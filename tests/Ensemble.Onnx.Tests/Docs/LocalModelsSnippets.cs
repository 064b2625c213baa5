using Ensemble.Models;
using Ensemble.Onnx.Tests.Encoders;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Docs;

internal sealed class LocalModelsSnippets
{
    [Test]
    public async Task AFirstAnswer()
    {
        #region snippet local-models-first
        using IChatClient client = new LocalChatClient(SmolLM2.Name);
        ChatResponse response = await client.GetResponseAsync("What is the capital of South Korea?");
        #endregion
        Assert.That(response.Text, Does.Contain("Seoul"));
    }

    [Test]
    public async Task Rank()
    {
        using TinyEncoder model = EncoderLayout.BertReranker(new TinyEncoder());
        string folder = model.Folder;
        #region snippet local-models-rank
        using OnnxReranker reranker = new(folder);
        IReadOnlyList<RankedDocument> ranked = await reranker.RankAsync("How much protein a day?", ["Eat vegetables.", "Adults need 0.8 g of protein per kg a day."]);
        int best = ranked[0].Index;
        #endregion
        Assert.That(best, Is.InRange(0, 1));
    }
}
