using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Makes a conversation that one provider takes although another began it: tool-call ids in its alphabet, no reasoning that another
/// one signed, no content that its adapter would lose, nothing raw that says something else than the text that rules and prices go by.
/// </summary>
internal static class MessageShaper
{
    /// <summary>The key that says which deployment signed a piece of reasoning.</summary>
    public const string IssuerKey = "ensemble.issuer";

    private const string RawNote = "a RawRepresentation that says something else than its text was not sent: rules and prices go by the text. Put what is to be sent into Contents.";

    /// <summary>Returns the messages for this provider; the same ones when nothing is to be changed.</summary>
    public static IEnumerable<ChatMessage> Shape(HostedModel model, IEnumerable<ChatMessage> messages, OptionNotes notes)
    {
        IReadOnlyList<ChatMessage> list = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        List<ChatMessage>? changed = null;
        for (int i = 0; i < list.Count; i++)
        {
            ChatMessage message = list[i];
            ChatMessage shaped = Shape(model, message, notes);
            if (changed is null && !ReferenceEquals(shaped, message))
            {
                changed = new(list.Count);
                changed.AddRange(list.Take(i));
            }

            changed?.Add(shaped);
        }

        return changed ?? list;
    }

    /// <summary>Says which deployment signed the reasoning of an answer.</summary>
    public static void Sign(HostedModel model, IList<AIContent> contents)
    {
        for (int i = 0; i < contents.Count; i++)
        {
            if (contents[i] is TextReasoningContent content)
            {
                (content.AdditionalProperties ??= [])[IssuerKey] = Issuer(model);
            }
        }
    }

    private static string Issuer(HostedModel model) => $"{model.Preset.Name} {model.Endpoint.Host}";

    private static ChatMessage Shape(HostedModel model, ChatMessage message, OptionNotes notes)
    {
        IList<AIContent> contents = message.Contents;
        List<AIContent>? changed = null;
        for (int i = 0; i < contents.Count; i++)
        {
            AIContent? shaped = Shape(model, contents[i], notes);
            if (changed is null && !ReferenceEquals(shaped, contents[i]))
            {
                changed = [.. contents.Take(i)];
            }

            if (shaped is not null)
            {
                changed?.Add(shaped);
            }
        }

        if (RawText.SaysOther(message.RawRepresentation, message.Text))
        {
            notes.Add(RawNote);
        }

        return changed is null && !RawText.IsSent(message.RawRepresentation) ? message : new ChatMessage(message.Role, changed ?? contents)
        {
            AuthorName = message.AuthorName,
            MessageId = message.MessageId,
            AdditionalProperties = message.AdditionalProperties,
        };
    }

    private static AIContent? Shape(HostedModel model, AIContent content, OptionNotes notes)
    {
        switch (content)
        {
            case TextContent { RawRepresentation: { } raw } text when !RawText.Says(raw, text.Text):
                notes.Add(RawNote);
                return new TextContent(text.Text) { Annotations = text.Annotations, AdditionalProperties = text.AdditionalProperties };
            case TextContent:
                return content;
            case FunctionCallContent call when ToolCallIds.Map(model, call.CallId) is { } id:
                return new FunctionCallContent(id, call.Name, call.Arguments) { Exception = call.Exception };
            case FunctionCallContent call when !RawText.Says(call):
                notes.Add(RawNote);
                return new FunctionCallContent(call.CallId, call.Name, call.Arguments) { Exception = call.Exception, AdditionalProperties = call.AdditionalProperties };
            case FunctionResultContent result when ToolCallIds.Map(model, result.CallId) is { } id:
                return new FunctionResultContent(id, result.Result) { Exception = result.Exception };
            case TextReasoningContent reasoning when !model.Dialect.PassesReasoning(reasoning, IsForeign(model, reasoning)):
                notes.Add("reasoning that is not this deployment's own was left out of the conversation.");
                return null;
            case DataContent or UriContent or HostedFileContent when !Passes(model.Supported, content, out string name):
                notes.Drop(name);
                return null;
            default:
                return content;
        }
    }

    private static bool? IsForeign(HostedModel model, TextReasoningContent reasoning) =>
        reasoning.AdditionalProperties?.TryGetValue(IssuerKey, out object? issuer) is true ? issuer?.ToString() != Issuer(model) : null;

    private static bool Passes(HostedOptions can, AIContent content, out string name)
    {
        (HostedOptions needed, name) = content switch
        {
            DataContent data when data.HasTopLevelMediaType("image") => (HostedOptions.Images, "an image"),
            DataContent data when data.MediaType.StartsWith("application/pdf", StringComparison.OrdinalIgnoreCase) => (HostedOptions.Files, "a PDF file"),
            DataContent { MediaType: "audio/mpeg" or "audio/wav" } => (HostedOptions.Audio, "audio"),
            UriContent uri when uri.HasTopLevelMediaType("image") => (HostedOptions.ImageAddresses, "the address of an image"),
            HostedFileContent => (HostedOptions.HostedFiles, "a hosted file"),
            DataContent data => (HostedOptions.None, $"content of type {data.MediaType}"),
            UriContent uri => (HostedOptions.None, $"the address of {uri.MediaType}"),
            _ => (HostedOptions.None, content.GetType().Name),
        };
        return needed != HostedOptions.None && can.HasFlag(needed);
    }
}
