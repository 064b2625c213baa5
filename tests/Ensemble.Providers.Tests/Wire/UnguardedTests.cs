using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Ensemble.Providers.Tests;

/// <summary>The SDK beneath a hosted model, used for something else than an attempt: it gets the key and is otherwise left alone.</summary>
internal sealed class UnguardedTests
{
    [Test]
    public async Task OpenAISdk_AskedByItself_SendsTheKeyAndReadsTheAnswer()
    {
        ChatScript dialect = new();
        RecordedRoute route = RecordingServer.Open(dialect.Whole(new Answer { Pieces = ["Hello", " there."] }));
        using IChatClient model = dialect.Connect(route);
        ChatClient sdk = model.GetService<ChatClient>()!;

        ClientResult<ChatCompletion> answer = await sdk.CompleteChatAsync(new UserChatMessage("Hi"));

        Assert.That(answer.Value.Content[0].Text, Is.EqualTo("Hello there."));
        Assert.That(route.Requests.Single().Headers["Authorization"], Is.EqualTo($"Bearer {DialectScript.Key}"));
        Assert.That(route.Requests.Single().Headers["User-Agent"], Does.StartWith("OpenAI/"));
    }

    [Test]
    public async Task OpenAISdk_AnswersOfAttempts_ShowTheirHeadersToWhoeverLooks([Values] bool streaming)
    {
        ChatScript dialect = new();
        RecordedRoute route = RecordingServer.Open(dialect.PlayOf(new Answer { Pieces = ["Hello"] }, streaming));
        using IChatClient model = dialect.Connect(route);

        ChatResponse response = streaming
            ? await model.GetStreamingResponseAsync("Hi").ToChatResponseAsync()
            : await model.GetResponseAsync("Hi");

        Assert.That(response.Text, Is.EqualTo("Hello"));
        IReadOnlyDictionary<string, string> sent = route.Requests.Single().Headers;
        Assert.That(sent["Content-Type"], Is.EqualTo("application/json"));
        Assert.That(sent["User-Agent"], Does.StartWith("OpenAI/"));
    }
}
