using Ensemble.Models;
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
}
