using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Lists what a request says, as a reader would see it: what was escaped in JSON is decoded, attached text is read, and pieces that a provider joins are joined.
/// What tools declare is not in it: these are the application's own words, and often hold examples.
/// </summary>
internal sealed class ScannedText
{
    private readonly List<string> _texts = [];

    private ScannedText()
    {
    }

    /// <summary>Gets the texts.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>Gets whether the request holds something that cannot be read as text.</summary>
    public bool HasUnreadable { get; private set; }

    public static ScannedText Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        ScannedText scanned = new();
        scanned.Add(options?.Instructions);
        foreach ((_, object? value) in options?.AdditionalProperties ?? [])
        {
            scanned.Add(value as string);
        }

        foreach (ChatMessage message in messages)
        {
            scanned.Add(message.AuthorName);
            scanned.AddContents(message.Contents);
        }

        return scanned;
    }

    private void AddContents(IList<AIContent> contents)
    {
        int texts = 0;
        foreach (AIContent content in contents)
        {
            texts += content is TextContent ? 1 : 0;
            Add(content);
        }

        if (texts > 1)
        {
            // A datum can be cut in two by whoever streamed or edited the message.
            Add(string.Concat(contents.OfType<TextContent>().Select(content => content.Text)));
        }
    }

    private void Add(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                Add(text.Text);
                break;
            case TextReasoningContent reasoning:
                Add(reasoning.Text);
                break;
            case FunctionCallContent call:
                Add(call.Name);
                foreach ((string name, object? value) in call.Arguments ?? new Dictionary<string, object?>())
                {
                    Add(name);
                    AddValue(value);
                }

                break;
            case FunctionResultContent result:
                AddValue(result.Result);
                break;
            case ErrorContent error:
                Add(error.Message);
                Add(error.Details);
                break;
            case DataContent data:
                Add(data.Name);
                AddData(data);
                break;
            case UriContent uri:
                Add(Uri.UnescapeDataString(uri.Uri.OriginalString));
                HasUnreadable = true;
                break;
            case UsageContent:
                break;
            default:
                HasUnreadable = true;
                break;
        }
    }

    private void AddData(DataContent data)
    {
        if (AttachedText.Read(data) is { } text)
        {
            AddValue(text);
        }
        else
        {
            HasUnreadable = true;
        }
    }

    private void AddValue(object? value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                Add(text);
                AddJson(text);
                break;
            case JsonElement element:
                AddElement(element);
                break;
            case AIContent content:
                Add(content);
                break;
            case IEnumerable<AIContent> contents:
                AddContents([.. contents]);
                break;
            case var other when AIJsonUtilities.DefaultOptions.TryGetTypeInfo(other.GetType(), out var type):
                AddElement(JsonSerializer.SerializeToElement(other, type));
                break;
            default:
                Add(value.ToString());
                break;
        }
    }

    // Many tools answer with JSON in a string.
    private void AddJson(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            AddElement(document.RootElement);
        }
        catch (JsonException)
        {
            // It only looked like JSON, and was added as it stands.
        }
    }

    private void AddElement(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    Add(property.Name);
                    AddElement(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    AddElement(item);
                }

                break;
            case JsonValueKind.String:
                Add(element.GetString());
                break;
            case JsonValueKind.Number:
                Add(element.GetRawText());
                break;
            default:
                break;
        }
    }

    private void Add(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        _texts.Add(text);

        // JSON within a text: in a log, in lines, in a string of JSON.
        if (Escape.Decode(text) is var decoded && !ReferenceEquals(decoded, text))
        {
            _texts.Add(decoded);
        }
    }
}
