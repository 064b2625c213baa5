using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Asks for log-probabilities and reads them, the same way for local and hosted members.</summary>
public static class LogProbabilityExtensions
{
    /// <summary>The key under which the wish stands in <see cref="ChatOptions.AdditionalProperties"/>: an <see cref="int"/>, the number of alternatives a token.</summary>
    public const string RequestKey = "ensemble.top_logprobs";

    /// <summary>The key under which members put an <see cref="IReadOnlyList{T}"/> of <see cref="TokenLogProbability"/> on responses and updates.</summary>
    public const string ResponseKey = "ensemble.logprobs";

    /// <summary>Returns a copy of the options that asks for the log-probability of every token of the answer.</summary>
    /// <param name="options">The options to copy; <see langword="null"/> starts from none.</param>
    /// <param name="top">How many of the most probable tokens to report at each position, from 0 (only the chosen one) to 20.</param>
    /// <returns>The copy.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="top"/> is not within 0 to 20.</exception>
    public static ChatOptions WithLogProbabilities(this ChatOptions? options, int top = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(top, 20);
        ChatOptions copy = options?.Clone() ?? new ChatOptions();
        copy.AdditionalProperties = copy.AdditionalProperties is { } old ? new(old) : [];
        copy.AdditionalProperties[RequestKey] = top;
        return copy;
    }

    /// <summary>Reads how many alternatives a token the options ask for.</summary>
    /// <param name="options">The options of a request.</param>
    /// <returns>The number, or <see langword="null"/> when log-probabilities were not asked for.</returns>
    public static int? GetRequestedLogProbabilities(this ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(RequestKey, out int top) is true ? top : null;

    /// <summary>Reads the log-probabilities of the answer's tokens.</summary>
    /// <param name="response">The answer.</param>
    /// <returns>One entry a token in order, or <see langword="null"/> when the member reported none.</returns>
    public static IReadOnlyList<TokenLogProbability>? GetLogProbabilities(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Read(response.AdditionalProperties);
    }

    /// <summary>Reads the log-probabilities of one update: those of its own tokens, or on the last one those of the whole answer.</summary>
    /// <param name="update">The update.</param>
    /// <returns>One entry a token in order, or <see langword="null"/> when the member reported none.</returns>
    public static IReadOnlyList<TokenLogProbability>? GetLogProbabilities(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return Read(update.AdditionalProperties);
    }

    private static IReadOnlyList<TokenLogProbability>? Read(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(ResponseKey, out object? value) ? value as IReadOnlyList<TokenLogProbability> : null;
}
