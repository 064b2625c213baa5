using System.ClientModel;
using System.Diagnostics;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Ensemble;

/// <summary>
/// The platform's adapter on the SDK, with a shorter way for what most requests are: text without tools, answered by text. The SDK gets the same
/// request and reads the whole answer, and everything else goes through the adapter.
/// </summary>
internal sealed class ChatCompletionsClient(ChatClient sdk) : DelegatingChatClient(sdk.AsIChatClient())
{
    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        IsPlain(options) && Activity.Current is not { IsAllDataRequested: true }
            ? AskAsync(messages, options, cancellationToken)
            : base.GetResponseAsync(messages, options, cancellationToken); // The adapter also writes on the activity of a chat, if somebody records it.

    private static bool IsPlain(ChatOptions? options) => options is null or
    {
        Tools: null or { Count: 0 },
        ToolMode: null,
        AllowMultipleToolCalls: null,
        ResponseFormat: null,
        Reasoning: null,
        ModelId: null,
        ConversationId: null,
    };

    private async Task<ChatResponse> AskAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        // The SDK copies options that it is given.
        ChatCompletionOptions? own = options is null ? null : Convert(options);
#pragma warning disable OPENAI001 // The adapter's mappings by themselves are experimental; tests compare the requests and answers with those of the whole adapter.
        ClientResult<ChatCompletion> result = await sdk.CompleteChatAsync(PlainMessages.TryMap(messages, options) ?? messages.AsOpenAIChatMessages(options), own, cancellationToken).ConfigureAwait(false);
        return PlainCompletion.TryMap(result) ?? result.Value.AsChatResponse(own);
#pragma warning restore OPENAI001
    }

    private ChatCompletionOptions Convert(ChatOptions options)
    {
        ChatCompletionOptions own = options.RawRepresentationFactory?.Invoke(InnerClient) as ChatCompletionOptions ?? new();
        own.FrequencyPenalty ??= options.FrequencyPenalty;
        own.MaxOutputTokenCount ??= options.MaxOutputTokens;
        own.TopP ??= options.TopP;
        own.PresencePenalty ??= options.PresencePenalty;
        own.Temperature ??= options.Temperature;
#pragma warning disable OPENAI001 // The seed is experimental.
        own.Seed ??= options.Seed;
#pragma warning restore OPENAI001
        foreach (string stop in options.StopSequences ?? [])
        {
            own.StopSequences.Add(stop);
        }

        return own;
    }
}
