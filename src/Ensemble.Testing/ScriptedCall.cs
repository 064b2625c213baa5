using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>One call as a <see cref="ScriptedMember"/> received it.</summary>
public sealed class ScriptedCall
{
    internal ScriptedCall(int index, IReadOnlyList<ChatMessage> messages, ChatOptions? options, bool streaming, DateTimeOffset startedAt)
    {
        Index = index;
        Messages = messages;
        Options = options;
        Streaming = streaming;
        StartedAt = startedAt;
    }

    /// <summary>Gets the number of the call, from 0.</summary>
    public int Index { get; }

    /// <summary>Gets the messages as they were at the time of the call.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; }

    /// <summary>Gets a copy of the options at the time of the call; <see langword="null"/> when there were none.</summary>
    public ChatOptions? Options { get; }

    /// <summary>Gets whether a stream was asked for.</summary>
    public bool Streaming { get; }

    /// <summary>Gets when the call started, in the member's time.</summary>
    public DateTimeOffset StartedAt { get; }
}
