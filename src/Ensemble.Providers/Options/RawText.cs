using System.Text.Json;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace Ensemble;

/// <summary>
/// Tells whether the raw representation that an adapter sends in the place of a text, or of a call of a tool, says the same. Rules and prices go by the text: middleware that takes
/// an address out of it would change nothing, were the raw one sent.
/// </summary>
internal static class RawText
{
#pragma warning disable OPENAI001 // OpenAI's SDK calls its responses experimental; there is no other way to them.
    /// <summary>Says whether a text is sent as it stands.</summary>
    /// <param name="raw">The raw representation of the content that holds the text.</param>
    /// <param name="text">The text.</param>
    public static bool Says(object raw, string text) => raw switch
    {
        ChatMessageContentPart part => part.Kind == ChatMessageContentPartKind.Text && part.Text == text,
        ResponseContentPart part => part.Text == text,
        ContentBlockParam block => block.TryPickText(out TextBlockParam? said) && said.Text == text,
        ResponseItem => false,

        // What came as an answer, and no adapter sends.
        _ => true,
    };

    /// <summary>Says whether a call of a tool is sent as it stands.</summary>
    /// <param name="call">The call.</param>
    public static bool Says(FunctionCallContent call)
    {
        if (call.RawRepresentation is not FunctionCallResponseItem raw)
        {
            return true;
        }

        try
        {
            using JsonDocument said = JsonDocument.Parse(raw.FunctionArguments);
            JsonElement stands = JsonSerializer.SerializeToElement(call.Arguments, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)));
            return raw.FunctionName == call.Name && raw.CallId == call.CallId && JsonElement.DeepEquals(said.RootElement, stands);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            // Arguments that are no JSON could not be read into the call either.
            return call.Arguments is null && exception is JsonException;
        }
    }

    /// <summary>Says whether the raw representation of a message, which is not sent, says something else than the message.</summary>
    /// <param name="raw">The raw representation of the message.</param>
    /// <param name="text">The text of the message.</param>
    public static bool SaysOther(object? raw, string text) => raw switch
    {
        OpenAI.Chat.ChatMessage message => message.Content.Any(static part => part.Kind != ChatMessageContentPartKind.Text) || string.Concat(message.Content.Select(static part => part.Text)) != text,
        MessageResponseItem item => string.Concat(item.Content.Select(static part => part.Text)) is { Length: > 0 } said && said != text,
        _ => false,
    };

    /// <summary>Says whether an adapter sends the raw representation of a message in the place of its contents.</summary>
    public static bool IsSent(object? raw) => raw is OpenAI.Chat.ChatMessage or ResponseItem;
#pragma warning restore OPENAI001
}
