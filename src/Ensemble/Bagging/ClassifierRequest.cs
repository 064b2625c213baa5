using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>What a classifier reads from a request, and the shape in which the caller wants the label.</summary>
internal static class ClassifierRequest
{
    /// <summary>Returns the last thing that the user said.</summary>
    /// <exception cref="UnsupportedOptionException">There is none.</exception>
    public static string Text(string name, IEnumerable<ChatMessage> messages) =>
        messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text is { } text && !string.IsNullOrWhiteSpace(text) ? text
            : throw new UnsupportedOptionException($"{name}: the request has no text of a user to classify. Send one message with the role user.");

    /// <summary>Refuses what a classifier cannot do.</summary>
    /// <exception cref="UnsupportedOptionException">The request has tools, a conversation id, or a schema that is no choice among the labels.</exception>
    public static void Check(string name, IReadOnlyList<string> labels, ChatOptions? options)
    {
        if (options?.Tools is { Count: > 0 })
        {
            throw new UnsupportedOptionException($"{name}: a classifier answers with a label and calls no tools. Remove the tools, or send the request to a model.");
        }

        if (options?.ConversationId is not null)
        {
            throw new UnsupportedOptionException($"{name}: a classifier keeps no conversation. Remove ConversationId; the last message of the user is what it reads.");
        }

        if (options?.ResponseFormat is ChatResponseFormatJson json && (json.Schema is not { } schema || ChoiceJson.Choices(schema) is not { } choices
            || labels.Any(label => !choices.Contains(label, StringComparer.OrdinalIgnoreCase))))
        {
            throw new UnsupportedOptionException($"{name}: a classifier answers with one of {string.Join(", ", labels)}; the schema of ResponseFormat must be an enum of strings that has them all.");
        }
    }

    /// <summary>Writes a label as the caller's format wants it.</summary>
    public static string Write(string label, ChatOptions? options)
    {
        if (options?.ResponseFormat is not ChatResponseFormatJson { Schema: { } schema })
        {
            return label;
        }

        string spelled = ChoiceJson.Choices(schema)!.First(choice => choice.Equals(label, StringComparison.OrdinalIgnoreCase));
        string json = $"\"{JavaScriptEncoder.Default.Encode(spelled)}\"";
        return schema.TryGetProperty("properties", out _) ? $"{{\"data\":{json}}}" : json;
    }
}
