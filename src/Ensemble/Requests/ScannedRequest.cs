using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// What a scan has read: each message with the references of its author, its contents and their texts, and what the options say. Texts are
/// immutable, so the same references mean the same text; what cannot be told by references (an object that a tool returned, which somebody
/// may still change) counts as new. Whatever middleware adds or replaces later, in a message of its own or in place, is therefore found. Immutable.
/// </summary>
internal sealed class ScannedRequest
{
    // Stands for what may change while its reference stays; it equals nothing.
    private static readonly object Changeable = new();

    private readonly ChatMessage[] _messages;

    // Where the parts of each message begin; the last entry is where those of the options do.
    private readonly int[] _starts;
    private readonly object?[] _parts;

    private ScannedRequest(ChatMessage[] messages, int[] starts, object?[] parts) => (_messages, _starts, _parts) = (messages, starts, parts);

    /// <summary>Remembers what a request says now.</summary>
    public static ScannedRequest Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        ChatMessage[] all = [.. messages];
        int[] starts = new int[all.Length + 1];
        List<object?> parts = new(all.Length * 4);
        for (int i = 0; i < all.Length; i++)
        {
            starts[i] = parts.Count;
            Walk walk = new(parts);
            walk.Message(all[i]);
        }

        starts[all.Length] = parts.Count;
        Walk last = new(parts);
        last.Options(options);
        return new ScannedRequest(all, starts, [.. parts]);
    }

    /// <summary>Says whether the options say nothing that has not been read.</summary>
    public bool Has(ChatOptions? options)
    {
        if (options is null)
        {
            return true;
        }

        Walk walk = new(_parts.AsSpan(_starts[^1]));
        walk.Options(options);
        return walk.IsSame;
    }

    /// <summary>Says whether a message says what was read.</summary>
    /// <param name="message">The message.</param>
    /// <param name="near">The place where it is looked for first; the place behind the one where it was found.</param>
    public bool Has(ChatMessage message, ref int near)
    {
        for (int i = 0; i < _messages.Length; i++)
        {
            int place = near + i < _messages.Length ? near + i : near + i - _messages.Length;
            if (ReferenceEquals(_messages[place], message))
            {
                near = place + 1;
                Walk walk = new(_parts.AsSpan(_starts[place].._starts[place + 1]));
                walk.Message(message);
                return walk.IsSame;
            }
        }

        return false;
    }

    /// <summary>Lists the parts of a message, or compares them with those that were listed; neither copies a text.</summary>
    private ref struct Walk
    {
        private readonly List<object?>? _made;
        private readonly ReadOnlySpan<object?> _known;
        private int _next;
        private bool _differs;

        public Walk(List<object?> made) => _made = made;

        public Walk(ReadOnlySpan<object?> known) => _known = known;

        public readonly bool IsSame => !_differs && _next == _known.Length;

        public void Message(ChatMessage message)
        {
            Part(message.AuthorName);
            Contents(message.Contents);
        }

        public void Options(ChatOptions? options)
        {
            Part(options?.Instructions);
            Part(options?.ResponseFormat);
            foreach (string stop in options?.StopSequences ?? [])
            {
                Part(stop);
            }

            foreach ((string key, object? value) in options?.AdditionalProperties ?? [])
            {
                // What is asked of the ensemble goes to no model, and changes on its way.
                if (key != EnsembleRequestExtensions.RequestKey)
                {
                    Part(key);
                    Value(value);
                }
            }
        }

        private void Contents(IList<AIContent> contents)
        {
            for (int i = 0; i < contents.Count; i++)
            {
                Content(contents[i]);
            }
        }

        private void Content(AIContent content)
        {
            Part(content);
            switch (content)
            {
                case TextContent text:
                    Part(text.Text);
                    break;
                case TextReasoningContent reasoning:
                    Part(reasoning.Text);
                    break;
                case FunctionCallContent call:
                    Part(call.Name);
                    foreach ((string name, object? value) in call.Arguments ?? new Dictionary<string, object?>())
                    {
                        Part(name);
                        Value(value);
                    }

                    break;
                case FunctionResultContent result:
                    Value(result.Result);
                    break;
                case ErrorContent error:
                    Part(error.Message);
                    Part(error.Details);
                    break;
                case DataContent data:
                    Part(data.Name);
                    break;
                case UriContent uri:
                    Part(uri.Uri);
                    break;
                case UsageContent:
                    break;
                default:
                    // Contents of other kinds hold lists of their own, which somebody may still change.
                    Part(Changeable);
                    break;
            }
        }

        private void Value(object? value)
        {
            switch (value)
            {
                case null or string or JsonElement:
                    Part(value);
                    break;
                case AIContent content:
                    Content(content);
                    break;
                case IList<AIContent> contents:
                    Contents(contents);
                    break;
                default:
                    Part(value.GetType().IsPrimitive ? value : Changeable);
                    break;
            }
        }

        private void Part(object? part)
        {
            if (_made is not null)
            {
                _made.Add(part);
            }
            else if (!_differs)
            {
                _differs = _next >= _known.Length || !ReferenceEquals(_known[_next], part) || ReferenceEquals(part, Changeable);
                _next++;
            }
        }
    }
}
