using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Upper bounds of what a call can cost, made before it leaves. Pure functions, safe to share.</summary>
public static class CostBounds
{
    /// <summary>Bounds the cost of a call at list price: the dearest rate that any part of the prompt or answer can be billed at.</summary>
    /// <param name="price">The price of the deployment.</param>
    /// <param name="inputTokens">An upper bound of the prompt's tokens, those of images included.</param>
    /// <param name="outputTokens">The output limit.</param>
    /// <returns>US dollars; <see langword="null"/> when the price is unknown.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    public static decimal? UpperUsd(Price price, long inputTokens, long outputTokens)
    {
        ArgumentNullException.ThrowIfNull(price);
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(outputTokens);
        return Rates(price, inputTokens) is var (input, output) ? ((inputTokens * input) + (outputTokens * output)) / 1_000_000m : null;
    }

    /// <summary>Returns the largest output limit whose bound an amount can pay.</summary>
    /// <param name="price">The price of the deployment.</param>
    /// <param name="inputTokens">An upper bound of the prompt's tokens.</param>
    /// <param name="usd">The amount in US dollars.</param>
    /// <returns>Tokens; 0 when the prompt alone costs too much, <see cref="long.MaxValue"/> when output is free, <see langword="null"/> when the price is unknown.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A figure is negative.</exception>
    public static long? AffordableOutputTokens(Price price, long inputTokens, decimal usd)
    {
        ArgumentNullException.ThrowIfNull(price);
        ArgumentOutOfRangeException.ThrowIfNegative(inputTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(usd);
        if (Rates(price, inputTokens) is not var (input, output))
        {
            return null;
        }

        decimal left = (usd * 1_000_000m) - (inputTokens * input);
        return left < 0 ? 0 : output == 0 ? long.MaxValue : (long)Math.Min(decimal.Floor(left / output), long.MaxValue);
    }

    /// <summary>Bounds the tokens of a prompt without a tokenizer: no encoding makes more tokens than there are UTF-8 bytes.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options, whose tools, instructions and schema are sent along.</param>
    /// <param name="tokensPerImage">What the model's card says an image takes at most.</param>
    /// <returns>Tokens.</returns>
    public static long UpperInputTokens(IEnumerable<ChatMessage> messages, ChatOptions? options = null, long tokensPerImage = 0)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfNegative(tokensPerImage);
        return InputBound.Of(messages, options, encoding: null, tokensPerImage).Tokens;
    }

    /// <summary>The dearest rates that any part of a prompt of at most the given length, and of its answer, can be billed at.</summary>
    internal static (decimal Input, decimal Output)? Rates(Price price, long inputTokens)
    {
        if (price is not { InputPerMillion: { } input, OutputPerMillion: { } output })
        {
            return null;
        }

        // The true prompt may be shorter than its bound and so fall into any lower tier, which need not be the cheaper one.
        input = Math.Max(input, Math.Max(price.CacheWritePerMillion ?? 0, Math.Max(price.CachedInputPerMillion ?? 0, price.ImagePerMillion ?? 0)));
        output = Math.Max(output, price.ReasoningPerMillion ?? 0);
        foreach (PriceTier tier in price.Tiers)
        {
            if (inputTokens > tier.AboveInputTokens)
            {
                input = Math.Max(input, Math.Max(tier.InputPerMillion, Math.Max(tier.CacheWritePerMillion ?? 0, tier.CachedInputPerMillion ?? 0)));
                output = Math.Max(output, tier.OutputPerMillion);
            }
        }

        return (input, output);
    }
}
