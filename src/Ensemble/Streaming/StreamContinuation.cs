using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// An answer that broke off and that another member goes on with, because the caller asked for it. Every update of the second member is
/// marked, so that nobody takes two models' text for one's.
/// </summary>
internal sealed class StreamContinuation
{
    /// <summary>The key under which updates carry the name of the member that broke off.</summary>
    public const string Key = "ensemble.continues";

    private const string Request = "Your last answer was cut off. Go on exactly where it stopped. Repeat nothing and explain nothing.";

    private readonly List<ChatResponse> _parts;
    private readonly string _brokeOff;

    private StreamContinuation(List<ChatResponse> parts, string brokeOff) => (_parts, _brokeOff) = (parts, brokeOff);

    private string Text => string.Concat(_parts.Select(part => part.Text));

    /// <summary>Makes the continuation of what was received; <see langword="null"/> when it is not text alone, and so cannot be gone on with.</summary>
    public static StreamContinuation? From(StreamContinuation? before, Member brokeOff, ChatResponse partial) =>
        partial.Messages.All(static message => message.Contents.All(static content => content is TextContent or UsageContent))
            ? new StreamContinuation([.. before?._parts ?? [], partial], brokeOff.Name)
            : null;

    /// <summary>Makes the conversation that the next member sees.</summary>
    public IReadOnlyList<ChatMessage> Messages(IReadOnlyList<ChatMessage> messages) =>
        [.. messages, new ChatMessage(ChatRole.Assistant, Text), new ChatMessage(ChatRole.User, Request)];

    /// <summary>Says in the receipt who went on.</summary>
    public void Begin(ReceiptBuilder receipt, Member member) => receipt.Note($"{_brokeOff} broke off after {Text.Length} characters; {member.Name} went on.");

    /// <summary>Marks an update.</summary>
    public ChatResponseUpdate Mark(ChatResponseUpdate update)
    {
        ChatResponseUpdate marked = update.Clone();
        marked.AdditionalProperties = update.AdditionalProperties is { } old ? new(old) : [];
        marked.AdditionalProperties[Key] = _brokeOff;

        // One message goes on; the ids of another would begin a second one.
        marked.ResponseId = _parts[0].ResponseId;
        marked.MessageId = _parts[0].Messages is [.., { } message] ? message.MessageId : null;
        return marked;
    }

    /// <summary>Joins everything that the caller has received.</summary>
    public ChatResponse Join(ChatResponse? last = null) => new([.. _parts.SelectMany(static part => part.Messages), .. last?.Messages ?? []]);

    /// <summary>Makes the error of an answer that nobody could go on with.</summary>
    public StreamInterruptedException Interrupted(EnsembleException last) =>
        new($"{_brokeOff} broke off after content had reached the caller, and nobody could go on; Partial holds what was received.", last)
        { Partial = Join(), Receipt = last.Receipt };
}
