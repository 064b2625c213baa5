using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>A prompt and the continuations to score after it.</summary>
public sealed class ScoringRequest
{
    private ScoringRequest(IReadOnlyList<string> continuations)
    {
        ArgumentNullException.ThrowIfNull(continuations);
        if (continuations.Count == 0 || continuations.Any(string.IsNullOrEmpty))
        {
            throw new ArgumentException("Give at least one continuation, and none that is empty.", nameof(continuations));
        }

        Continuations = continuations;
    }

    /// <summary>Gets the part of a text prompt that stays the same from call to call and is kept by the model between calls; may be empty.</summary>
    public string Prefix { get; private init; } = "";

    /// <summary>Gets the rest of a text prompt. It is tokenised apart from <see cref="Prefix"/>: split where a token ends anyway (before a space, not inside a run of line ends).</summary>
    public string Query { get; private init; } = "";

    /// <summary>Gets the conversation to continue when the prompt is a chat; <see langword="null"/> for a text prompt.</summary>
    public IReadOnlyList<ChatMessage>? Messages { get; private init; }

    /// <summary>Gets the continuations to score, tokenised apart from the prompt; start a word with its space (<c>" yes"</c>).</summary>
    public IReadOnlyList<string> Continuations { get; }

    /// <summary>Gets whether only the first token of each continuation is scored: one forward pass for all of them.</summary>
    /// <value>The default value is <see langword="false"/>: the whole continuation is scored.</value>
    public bool FirstTokenOnly { get; init; }

    /// <summary>Gets the tenant whose kept prefixes may be used; prefixes are never shared between tenants.</summary>
    /// <value>The default value is <see langword="null"/>: the shared prefix pool of callers without a tenant.</value>
    public string? Tenant { get; init; }

    /// <summary>Creates a request over plain text, given to the model as it is, without a chat template.</summary>
    /// <param name="prefix">The part of the prompt that stays the same from call to call; may be empty.</param>
    /// <param name="query">The rest of the prompt; may be empty when <paramref name="prefix"/> is not.</param>
    /// <param name="continuations">The continuations to score.</param>
    /// <param name="firstTokenOnly">Whether only the first token of each continuation is scored.</param>
    /// <param name="tenant">The tenant whose kept prefixes may be used.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ArgumentException">The prompt is empty, there is no continuation, or one is empty.</exception>
    public static ScoringRequest ForText(string prefix, string query, IReadOnlyList<string> continuations, bool firstTokenOnly = false, string? tenant = null)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(query);
        return prefix.Length + query.Length > 0
            ? new(continuations) { Prefix = prefix, Query = query, FirstTokenOnly = firstTokenOnly, Tenant = tenant }
            : throw new ArgumentException("The prompt is empty: give a prefix, a query, or both.", nameof(query));
    }

    /// <summary>Creates a request over a conversation, rendered by the model's own chat template; the continuation is the beginning of the answer.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="continuations">The continuations to score.</param>
    /// <param name="firstTokenOnly">Whether only the first token of each continuation is scored.</param>
    /// <param name="tenant">The tenant whose kept prefixes may be used.</param>
    /// <returns>The request.</returns>
    /// <exception cref="ArgumentException">There is no message, no continuation, or an empty one.</exception>
    public static ScoringRequest ForMessages(IReadOnlyList<ChatMessage> messages, IReadOnlyList<string> continuations, bool firstTokenOnly = false, string? tenant = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.Count > 0
            ? new(continuations) { Messages = messages, FirstTokenOnly = firstTokenOnly, Tenant = tenant }
            : throw new ArgumentException("The conversation is empty: give at least one message.", nameof(messages));
    }
}
