using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One model asked in its own way: with its own system prompt, examples, seed and sampling options.</summary>
internal sealed class VariationChatClient(IChatClient inner, MemberOptions variation, int index) : IChatClient
{
    private IChatClient Inner => inner;

    /// <summary>Gets in what way of its own the member is asked.</summary>
    internal MemberOptions Variation => variation;

    private int Index => index;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.GetResponseAsync(Vary(messages, HasRules(options)), Vary(options), cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.GetStreamingResponseAsync(Vary(messages, HasRules(options)), Vary(options), cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is null && serviceType.IsInstanceOfType(this))
        {
            return this;
        }

        object? service = inner.GetService(serviceType, serviceKey);
        return service is IContinuationScorer scorer && serviceType == typeof(IContinuationScorer) ? new Scorer(scorer, this) : service;
    }

    // The inner client belongs to whoever made it: several variations share it.
    public void Dispose()
    {
    }

    /// <summary>Puts the same variation around another client.</summary>
    internal VariationChatClient Around(IChatClient other) => new(other, variation, index);

    /// <summary>Whether the other one asks the same client in the same words and can only get the same answer.</summary>
    internal bool IsSameAs(VariationChatClient other, float? temperature) =>
        ReferenceEquals(inner, other.Inner) && ReferenceEquals(variation, other.Variation)
        && (index == other.Index || (variation.Temperature ?? temperature) == 0);

    internal IReadOnlyList<ChatMessage> Vary(IEnumerable<ChatMessage> messages, bool hasRules = false)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (variation.System is null && variation.Examples.Count == 0)
        {
            return messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        }

        // What never changes comes first, so that a model can keep it between questions. Many chat templates take one system message only.
        List<ChatMessage> conversation = [.. messages];
        string? system = variation.System;
        if (conversation is [{ Role: var role } first, ..] && role == ChatRole.System)
        {
            system = system is null ? first.Text : $"{system}\n\n{first.Text}";
            conversation.RemoveAt(0);
        }

        List<ChatMessage> varied = new(conversation.Count + (2 * variation.Examples.Count) + 1);
        if (system is not null)
        {
            varied.Add(new ChatMessage(ChatRole.System, system));
        }

        foreach (ChatExample example in variation.Examples)
        {
            varied.Add(new ChatMessage(ChatRole.User, example.User));
            varied.Add(new ChatMessage(ChatRole.Assistant, example.Assistant));
        }

        if (hasRules)
        {
            varied.ForEach(RequestRules.Configure);
        }

        varied.AddRange(conversation);
        return varied;
    }

    // What the caller sent has then been scanned, and what this adds is the configuration's own.
    private static bool HasRules(ChatOptions? options) => options.GetEnsembleRequest()?.Rules is not null;

    /// <summary>Returns the options as the member sends them on.</summary>
    internal ChatOptions Vary(ChatOptions? options)
    {
        ChatOptions varied = options?.Clone() ?? new ChatOptions();
        varied.Temperature = variation.Temperature ?? varied.Temperature;
        varied.TopP = variation.TopP ?? varied.TopP;
        varied.TopK = variation.TopK ?? varied.TopK;

        // A limit from outside is a promise: the caller's, or what a price ceiling pays.
        varied.MaxOutputTokens = variation.MaxOutputTokens is { } own && !(varied.MaxOutputTokens < own) ? own : varied.MaxOutputTokens;
        varied.Seed = variation.Seed ?? varied.Seed;
        if (variation.Count > 1)
        {
            varied.Seed = (varied.Seed ?? 0) + index;
        }

        return varied;
    }

    private sealed class Scorer(IContinuationScorer scorer, VariationChatClient owner) : IContinuationScorer
    {
        public Task<ContinuationScores> ScoreAsync(ScoringRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            return scorer.ScoreAsync(
                request.Messages is { } messages
                    ? ScoringRequest.ForMessages(owner.Vary(messages), request.Continuations, request.FirstTokenOnly, request.Tenant)
                    : request,
                cancellationToken);
        }
    }
}
