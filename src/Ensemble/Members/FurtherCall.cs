using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// What a leaf asks before it calls its provider once more for one request, as those do that have an answer repaired
/// (<see cref="MemberTraits.RepairsAnswers"/>): a further call is a further attempt, and costs like one. Thread-safe.
/// </summary>
public static class FurtherCall
{
    /// <summary>The key in <see cref="ChatOptions.AdditionalProperties"/> of what limits further calls.</summary>
    internal const string Key = "ensemble.further";

    /// <summary>Takes an attempt of the request, and what the call can cost under a price ceiling.</summary>
    /// <param name="options">The options that the leaf was given.</param>
    /// <param name="used">What the provider reported of the calls before it; <see langword="null"/> when it reported nothing: then the most that they can have cost counts.</param>
    /// <returns><see langword="true"/> when the call may be made; <see langword="false"/> when no attempt is left, or the ceiling does not pay it.</returns>
    public static bool TryTake(ChatOptions? options, UsageDetails? used) =>
        options?.AdditionalProperties is not { } properties || !properties.TryGetValue(Key, out object? value) || value is not Permit permit || permit.Payment.TryTakeFurther(used);

    /// <summary>Returns the options without what limits further calls: it is nothing that a provider's SDK should see.</summary>
    /// <param name="options">The options that the leaf was given.</param>
    /// <returns>A copy, or the options themselves when nothing limits further calls.</returns>
    public static ChatOptions? Remove(ChatOptions? options)
    {
        if (options?.AdditionalProperties?.ContainsKey(Key) is not true)
        {
            return options;
        }

        ChatOptions own = options.Clone();
        own.AdditionalProperties = new(own.AdditionalProperties!);
        _ = own.AdditionalProperties.Remove(Key);
        return own;
    }

    internal static ChatOptions Limit(ChatOptions options, ModelPayment payment)
    {
        ChatOptions own = options.Clone();
        own.AdditionalProperties = own.AdditionalProperties is { } old ? new(old) : [];
        own.AdditionalProperties[Key] = new Permit(payment);
        return own;
    }

    // Without public properties it is written as an empty object, so that a response cache beneath finds the same key each time.
    private sealed class Permit(ModelPayment payment)
    {
        internal ModelPayment Payment => payment;
    }
}
