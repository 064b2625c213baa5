using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Measures one content of a message.</summary>
internal static class ContentBound
{
    /// <summary>Adds the tokens of a content.</summary>
    /// <param name="content">The content.</param>
    /// <param name="size">What it is added to.</param>
    public static void Add(AIContent content, ref PromptSize size)
    {
        switch (content)
        {
            case TextContent text:
                size.AddText(text.Text);
                break;
            case TextReasoningContent reasoning:
                size.AddText(reasoning.Text);
                size.AddBytes(reasoning.ProtectedData);
                break;
            case FunctionCallContent call:
                size.AddBytes(call.CallId);
                size.AddText(call.Name);
                AddArguments(call.Arguments, ref size);
                break;
            case FunctionResultContent result:
                size.AddBytes(result.CallId);
                AddResult(result, ref size);
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
            case UriContent uri when uri.HasTopLevelMediaType("image"):
                size.AddImage();
                break;
            case HostedFileContent file when PromptMedia.TypeOf(file) is { } media && PromptMedia.IsImage(media):
                size.AddImage();
                break;
            case DataContent data:
                size.AddData(data.Data.Span, AttachedText.IsText(data.MediaType));
                size.AddBytes(data.Name);
                size.AddBytes(data.MediaType);
                break;
            case UriContent uri:
                size.AddBytes(uri.Uri.OriginalString);
                size.AddBytes(uri.MediaType);
                break;
            case ErrorContent error:
                size.AddBytes(error.Message);
                size.AddBytes(error.Details);
                break;
            case UsageContent:
                break;
            default:
                // What is sent of the rest is at most what it holds.
                size.AddBytes(AIJsonUtilities.DefaultOptions.TryGetTypeInfo(content.GetType(), out var type) ? JsonSerializer.Serialize(content, type) : null);
                break;
        }
    }

    /// <summary>Lists the contents that a tool has returned, an image for instance; empty when it returned a value.</summary>
    public static IEnumerable<AIContent> ContentsOf(FunctionResultContent result) => result.Result switch
    {
        AIContent one => [one],
        IEnumerable<AIContent> several => several,
        _ => [],
    };

    private static void AddResult(FunctionResultContent result, ref PromptSize size)
    {
        switch (result.Result)
        {
            case AIContent or IEnumerable<AIContent>:
                foreach (AIContent part in ContentsOf(result))
                {
                    Add(part, ref size);
                }

                break;
            case string text:
                size.AddText(text);
                size.Add(2);
                break;
            default:
                AddValue(result.Result, ref size);
                break;
        }
    }

    private static void AddArguments(IDictionary<string, object?>? arguments, ref PromptSize size)
    {
        foreach ((string name, object? value) in arguments ?? new Dictionary<string, object?>())
        {
            size.AddText(name);
            AddValue(value, ref size);
            size.Add(4);
        }
    }

    private static void AddValue(object? value, ref PromptSize size)
    {
        switch (value)
        {
            case null:
                size.Add(4);
                break;
            case string text:
                size.AddText(JsonEncodedText.Encode(text).Value);
                size.Add(2);
                break;
            case JsonElement json:
                size.AddText(json.GetRawText());
                break;
            case var other when AIJsonUtilities.DefaultOptions.TryGetTypeInfo(other.GetType(), out var type):
                size.AddText(JsonSerializer.Serialize(other, type));
                break;
            default:
                size.AddText(value.ToString());
                break;
        }
    }
}
