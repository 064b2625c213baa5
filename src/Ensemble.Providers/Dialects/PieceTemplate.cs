using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Ensemble;

/// <summary>
/// A piece of text as the SDK has read it and the platform's adapter has put it. A later event with the very same bytes but for the text is
/// the same piece with another text, and is made from this one: nothing in it is read a second time, and nothing that is new is missed, because
/// an event that differs in anything else goes to the SDK.
/// </summary>
internal sealed class PieceTemplate
{
    // What ends the run of plain bytes in a JSON string: its end, an escape, or what may not stand in one.
    private static readonly SearchValues<byte> Special = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(code => (byte)code)]);

    private readonly byte[] _json;
    private readonly PieceStrings _strings;
    private readonly StreamingChatCompletionUpdate _raw;
    private readonly ChatRole? _role;
    private readonly string? _responseId;
    private readonly string? _messageId;
    private readonly string? _modelId;
    private readonly DateTimeOffset? _createdAt;

    private PieceTemplate(byte[] json, PieceStrings strings, StreamingChatCompletionUpdate raw, ChatResponseUpdate update)
    {
        _json = json;
        _strings = strings;
        _raw = raw;

        // The update belongs to the caller, who may change it.
        _role = update.Role;
        _responseId = update.ResponseId;
        _messageId = update.MessageId;
        _modelId = update.ModelId;
        _createdAt = update.CreatedAt;
    }

    /// <summary>Learns a piece, if it holds text and nothing else.</summary>
    /// <param name="json">The event.</param>
    /// <param name="raw">What the SDK has read.</param>
    /// <param name="update">What the adapter has made of it.</param>
    public static PieceTemplate? Learn(byte[] json, StreamingChatCompletionUpdate raw, ChatResponseUpdate update) =>
        IsText(update) && IsText(raw) && PieceStrings.Find(json) is { } strings ? new(json, strings, raw, update) : null;

    /// <summary>Makes the update of an event that differs from this piece in its text at most; <see langword="null"/> for every other event.</summary>
    public ChatResponseUpdate? Make(ReadOnlySpan<byte> json) => Text(json) is { Length: > 0 } text ? Make(text) : null;

    private static bool IsText(ChatResponseUpdate update) =>
        update is { FinishReason: null, AdditionalProperties: null, AuthorName: null, ConversationId: null, ContinuationToken: null, Contents.Count: 1 }
        && update.Contents[0] is TextContent { Text.Length: > 0, Annotations: null, AdditionalProperties: null };

#pragma warning disable OPENAI001, CS0618 // Audio is experimental and the one call of a function obsolete; they are only looked for.
    private static bool IsText(StreamingChatCompletionUpdate raw) => raw is
    {
        RefusalUpdate: null,
        Usage: null,
        FunctionCallUpdate: null,
        OutputAudioUpdate: null,
        ToolCallUpdates.Count: 0,
        ContentTokenLogProbabilities.Count: 0,
        RefusalTokenLogProbabilities.Count: 0,
    };
#pragma warning restore OPENAI001, CS0618

    private string? Text(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> own = _json;
        Range text = default;
        bool hasEscapes = false;
        int at = 0;
        int from = 0;
        for (int i = 0; i < _strings.Count; i++)
        {
            (int start, int end) = _strings[i];
            ReadOnlySpan<byte> same = own[from..start];
            if (!json[at..].StartsWith(same))
            {
                return null;
            }

            at += same.Length;
            int length = LengthOfString(json[at..], out bool escaped);
            if (length < 0)
            {
                return null;
            }

            if (i == _strings.Text)
            {
                text = at..(at + length);
                hasEscapes = escaped;
            }
            else if (escaped)
            {
                return null;
            }

            at += length;
            from = end;
        }

        return !json[at..].SequenceEqual(own[from..]) ? null
            : hasEscapes ? Unescape(json[(text.Start.Value - 1)..(text.End.Value + 1)])
            : Encoding.UTF8.GetString(json[text]);
    }

    /// <summary>Counts the bytes up to the quote that ends a string; -1 when there is none, or a byte that no string may hold.</summary>
    private static int LengthOfString(ReadOnlySpan<byte> json, out bool escaped)
    {
        escaped = false;
        int at = 0;
        while (at < json.Length)
        {
            int next = json[at..].IndexOfAny(Special);
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (json[at] == (byte)'"')
            {
                return at;
            }

            if (json[at] != (byte)'\\')
            {
                return -1;
            }

            escaped = true;
            at += 2;
        }

        return -1;
    }

    private static string? Unescape(ReadOnlySpan<byte> quoted)
    {
        try
        {
            Utf8JsonReader reader = new(quoted);
            return reader.Read() ? reader.GetString() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // No escape, or half a character: the SDK says what it has to say about it.
            return null;
        }
    }

    private ChatResponseUpdate Make(string text)
    {
        ChatMessageContentPart part = ChatMessageContentPart.CreateTextPart(text);
#pragma warning disable OPENAI001 // The service tier is experimental; it is copied, not looked at.
        StreamingChatCompletionUpdate raw = OpenAIChatModelFactory.StreamingChatCompletionUpdate(
            _raw.CompletionId,
            new ChatMessageContent(part),
            role: _raw.Role,
            createdAt: _raw.CreatedAt,
            model: _raw.Model,
            serviceTier: _raw.ServiceTier,
            systemFingerprint: _raw.SystemFingerprint);
#pragma warning restore OPENAI001
        return new ChatResponseUpdate(_role, new List<AIContent>(1) { new TextContent(text) { RawRepresentation = part } })
        {
            ResponseId = _responseId,
            MessageId = _messageId,
            ModelId = _modelId,
            CreatedAt = _createdAt,
            RawRepresentation = raw,
        };
    }
}
