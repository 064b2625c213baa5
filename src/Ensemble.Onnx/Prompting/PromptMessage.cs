using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>A message as a local model reads it: a role and text.</summary>
internal readonly record struct PromptMessage(ChatRole Role, string Text)
{
    /// <summary>Reads messages; anything but text is refused.</summary>
    internal static PromptMessage[] ReadAll(IEnumerable<ChatMessage> messages, string? instructions)
    {
        List<PromptMessage> read = [];
        if (!string.IsNullOrEmpty(instructions))
        {
            read.Add(new PromptMessage(ChatRole.System, instructions));
        }

        foreach (ChatMessage message in messages)
        {
            read.Add(new PromptMessage(message.Role, ReadText(message)));
        }

        return read.Count > 0 ? [.. read] : throw new ArgumentException("The conversation is empty: give at least one message.", nameof(messages));
    }

    /// <summary>Reads the text of a message; anything but text is refused.</summary>
    internal static string ReadText(ChatMessage message)
    {
        foreach (AIContent content in message.Contents)
        {
            if (content is not (TextContent or TextReasoningContent or UsageContent))
            {
                throw new UnsupportedOptionException($"A local model reads text only, and a message holds {content.GetType().Name}: leave it out, or ask a model that takes it.");
            }
        }

        return message.Text;
    }
}
