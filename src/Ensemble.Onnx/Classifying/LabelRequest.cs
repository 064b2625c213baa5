using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>What a classifier reads of a request, and the shape in which the caller wants the label; what cannot be honoured is refused by name.</summary>
internal static class LabelRequest
{
    /// <summary>Reads the last thing that the user said.</summary>
    /// <exception cref="UnsupportedOptionException">There is none, or it is not text alone.</exception>
    internal static string ReadText(string name, IEnumerable<ChatMessage> messages) =>
        messages.LastOrDefault(message => message.Role == ChatRole.User) is { } last && PromptMessage.ReadText(last) is var text && !string.IsNullOrWhiteSpace(text) ? text
            : throw new UnsupportedOptionException($"{name}: the request has no text of a user to classify. Send one message with the role user.");

    /// <summary>Checks the options.</summary>
    /// <exception cref="UnsupportedOptionException">One cannot be honoured.</exception>
    internal static AnswerFormat ReadFormat(string name, IReadOnlyList<string> labels, ChatOptions? options)
    {
        Refuse(options?.Tools is { Count: > 0 } && options.ToolMode is not NoneChatToolMode, "Tools", "it calls none");
        Refuse(options?.ConversationId is not null, nameof(ChatOptions.ConversationId), "it stores no conversation");
        Refuse(options?.StopSequences is { Count: > 0 }, nameof(ChatOptions.StopSequences), "a label is never cut");
        Refuse(options?.FrequencyPenalty is not (null or 0), nameof(ChatOptions.FrequencyPenalty), "its scores stand as they are");
        Refuse(options?.PresencePenalty is not (null or 0), nameof(ChatOptions.PresencePenalty), "its scores stand as they are");
        Refuse(options?.AdditionalProperties?.TryGetValue(LocalChatOptions.LogitBias, out object? bias) is true && bias is not null, LocalChatOptions.LogitBias, "its scores stand as they are");
        AnswerFormat format = AnswerFormat.Read(options?.ResponseFormat);
        if (format.Schema is not null || (format.Choices is { } choices && labels.Any(label => !choices.Contains(label, StringComparer.OrdinalIgnoreCase))))
        {
            throw new UnsupportedOptionException($"{name}: a classifier answers with one of {string.Join(", ", labels)}; the schema of ResponseFormat must be an enum of strings that has them all.");
        }

        return format;

        void Refuse(bool isSet, string option, string reason)
        {
            if (isSet)
            {
                throw new UnsupportedOptionException($"{name}: {option} cannot be honoured by a classifier, because {reason}: leave it out, or ask a language model.");
            }
        }
    }

    /// <summary>Writes a label as the caller's format wants it.</summary>
    internal static string Write(string label, AnswerFormat format) =>
        format.Choices is { } choices ? ChoiceText.ToJson(choices.First(choice => choice.Equals(label, StringComparison.OrdinalIgnoreCase)), format.ChoiceProperty) : label;
}
