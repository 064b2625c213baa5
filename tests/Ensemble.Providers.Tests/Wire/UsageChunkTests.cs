using System.ClientModel;
using System.Text;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Ensemble.Providers.Tests;

/// <summary>The defect openai-dotnet#1281: a stream whose last chunk has usage and no choices. The pinned SDK must let it pass.</summary>
internal sealed class UsageChunkTests
{
    [Test]
    public async Task OpenAISdk_StreamEndsWithAUsageChunkWithoutChoices_PassesAndKeepsTheUsage()
    {
        RecordedRoute route = RecordingServer.Open(new Play
        {
            ContentType = "text/event-stream",
            Segments =
            [
                .. new[]
                {
                    """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}""",
                    """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
                    """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""",
                    "[DONE]",
                }.Select(d => Encoding.UTF8.GetBytes($"data: {d}\n\n")),
            ],
        });
        OpenAIClient sdk = new(new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = route.Address });
        using IChatClient client = sdk.GetChatClient("m").AsIChatClient();

        ChatResponse response = await client.GetStreamingResponseAsync("Hello").ToChatResponseAsync();

        Assert.That(response.Text, Is.EqualTo("Hi"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(response.Usage?.InputTokenCount, Is.EqualTo(7));
        Assert.That(response.Usage?.OutputTokenCount, Is.EqualTo(2));
    }
}
