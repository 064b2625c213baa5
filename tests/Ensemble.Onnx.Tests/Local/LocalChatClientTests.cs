using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class LocalChatClientTests
{
    private const string Korea = "What is the capital of South Korea?";

    [Test]
    public async Task TheShippedModel_KnowsTheCapitalOfKorea()
    {
        ChatResponse response = await SharedSmolLM2.Client.GetResponseAsync(Korea);
        TestContext.Out.WriteLine(response.Text + " " + SharedSmolLM2.Info.Capabilities + response.Usage!.CachedInputTokenCount);
        Assert.That(response.Text, Does.Contain("Seoul"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }
}
