using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>Asks a client whole or streamed, so that one test covers both.</summary>
internal static class Ask
{
    public static async Task<ChatResponse> AskAsync(this IChatClient client, bool streaming, string text = "hello", ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatMessage[] messages = [new(ChatRole.User, text)];
        return streaming
            ? await client.GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : await client.GetResponseAsync(messages, options, cancellationToken);
    }

    public static RouterChatClient Router(params (string Name, IChatClient Client)[] members) =>
        new("main", members.Select(m => new Member(m.Name, m.Client)));
}
