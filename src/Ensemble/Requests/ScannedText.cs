using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Lists what a request says, as a reader would see it: what was escaped in JSON is decoded, attached text is read, and pieces that a provider joins are joined.
/// What tools declare is not in it: these are the application's own words, and often hold examples.
/// </summary>
internal sealed class ScannedText
{
    // What nests deeper is no answer of a tool; it is not read, and says so.
    private const int MostLevels = 32;

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
        foreach ((string key, object? value) in options?.AdditionalProperties ?? [])
        {
            // What is asked of the ensemble goes to no model.
            if (key != EnsembleRequestExtensions.RequestKey)
            {
                scanned.Add(key);
                scanned.AddValue(value);
            }
        }

        foreach (string stop in options?.StopSequences ?? [])
        {
            scanned.Add(stop);
        }

        if (options?.ResponseFormat is ChatResponseFormatJson format)
        {
            scanned.Add(format.SchemaName);
            scanned.Add(format.SchemaDescription);
            scanned.AddValue(format.Schema);
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
                // What the provider's own tools were asked and said is read as far as it is here; what else they keep is not.
                AddHostedTool(content);
                HasUnreadable = true;
                break;
        }
    }

    private void AddHostedTool(AIContent content)
    {
        switch (content)
        {
            case ToolApprovalRequestContent { ToolCall: { } asked }:
                Add(asked);
                break;
            case ToolApprovalResponseContent answer:
                Add(answer.Reason);
                Add(answer.ToolCall);
                break;
            case McpServerToolCallContent call:
                Add(call.ServerName);
                Add(call.Name);
                AddValue(call.Arguments);
                break;
            case McpServerToolResultContent result:
                AddContents(result.Outputs ?? []);
                break;
            case WebSearchToolCallContent search:
                AddValue(search.Queries);
                break;
            case WebSearchToolResultContent result:
                AddContents(result.Outputs ?? []);
                break;
            case CodeInterpreterToolCallContent call:
                AddContents(call.Inputs ?? []);
                break;
            case CodeInterpreterToolResultContent result:
                AddContents(result.Outputs ?? []);
                break;
            case ImageGenerationToolResultContent result:
                AddContents(result.Outputs ?? []);
                break;
            case HostedFileContent file:
                Add(file.Name);
                break;
            default:
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

    private void AddValue(object? value, int level = 0)
    {
        if (level > MostLevels)
        {
            HasUnreadable = true;
            return;
        }

        switch (value)
        {
            case null or bool or Enum or Delegate or Type:
                break;
            case string text:
                Add(text);
                AddJson(text, level);
                break;
            case JsonElement element:
                AddElement(element, level);
                break;
            case JsonDocument document:
                AddElement(document.RootElement, level);
                break;
            case JsonNode node:
                AddValue(node.ToJsonString(), level);
                break;
            case AIContent content:
                Add(content);
                break;
            case IEnumerable<AIContent> contents:
                AddContents([.. contents]);
                break;
            case IEnumerable<char> characters:
                Add(string.Concat(characters));
                break;
            case byte[] or ReadOnlyMemory<byte> or Memory<byte> or Stream:
                HasUnreadable = true;
                break;
            case IDictionary pairs:
                foreach (DictionaryEntry pair in pairs)
                {
                    AddValue(pair.Key, level + 1);
                    AddValue(pair.Value, level + 1);
                }

                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                foreach ((string name, object? inner) in pairs)
                {
                    Add(name);
                    AddValue(inner, level + 1);
                }

                break;
            case IEnumerable values:
                foreach (object? inner in values)
                {
                    AddValue(inner, level + 1);
                }

                break;
            default:
                AddObject(value, level);
                break;
        }
    }

    private void AddObject(object value, int level)
    {
        if (value is IFormattable and ValueType)
        {
            Add(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
            return;
        }

        bool isRead = false;
        try
        {
            if (AIJsonUtilities.DefaultOptions.TryGetTypeInfo(value.GetType(), out var type))
            {
                AddElement(JsonSerializer.SerializeToElement(value, type), level);
                isRead = true;
            }
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            // Whoever sends it will write it in a way of his own.
            HasUnreadable = true;
        }

        // What it calls itself may say more than what a serializer finds in it: a tuple, a text that is being built.
        string? shown = value.ToString();
        bool isOwn = shown != value.GetType().ToString();
        HasUnreadable |= !isRead && !isOwn;
        Add(isOwn ? shown : null);
    }

    // Many tools answer with JSON in a string, or with a line of it for each row.
    private void AddJson(string text, int level)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[' or '"', ..])
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            AddElement(document.RootElement, level + 1);
        }
        catch (JsonException)
        {
            // It only looked like JSON, or is several, and was added as it stands, with its escapes decoded.
        }
    }

    private void AddElement(JsonElement element, int level)
    {
        if (level > MostLevels)
        {
            HasUnreadable = true;
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    Add(property.Name);
                    AddElement(property.Value, level + 1);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    AddElement(item, level + 1);
                }

                break;
            case JsonValueKind.String:
                AddValue(element.GetString(), level);
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
        DecodedText.AddTo(_texts, text);
    }
}
