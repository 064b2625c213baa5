using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>What the rules and the price ceiling of a request make of a call before it is paid for.</summary>
internal sealed partial class ModelChatClient
{
    // Whoever asks, the model is not called when the rules refuse it; without rules nothing is read.
    private ChatOptions? Obey(ModelPayment payment, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (!IsLeaf)
        {
            return options;
        }

        if (RequestRules.Of(payment.Request, payment.Rules, messages, options, runtime) is not { } rules)
        {
            return options?.ModelId is { Length: > 0 } id && !IsProviders(id, Facts) && (id.Equals(name, StringComparison.OrdinalIgnoreCase) || payment.IsCapped(this, options))
                ? WithoutModelId(payment, options)
                : options;
        }

        CallLog? calls = payment.Request?.Calls;
        if (calls is { Count: > 0, Loan.OutputLimit: { } lent } && options?.MaxOutputTokens == lent)
        {
            // No limit of the caller: it is what the first call of the attempt could pay.
            options = options!.Clone();
            options.MaxOutputTokens = null;
        }

        Candidate facts = (payment.Facts ?? (payment.Request?.Asked is { } asked && asked.Leaf == this ? asked.Facts : Facts)).AsSent;
        RequestProfile profile = rules.ProfileOf(payment.Request, messages, options);
        if (rules.Refuse(facts, profile) is { } refusal)
        {
            NoEligibleModelException error = new(name, [refusal]);
            error.Attach(NotAsked(payment, error.Message));
            throw error;
        }

        if (options?.ModelId is { Length: > 0 } other && !IsProviders(other, facts))
        {
            options = WithoutModelId(payment, options);
        }

        payment.CeilingUsd = rules.Requirements.MaxUsd;
        long? allowed = rules.OutputLimit(facts, profile);
        if (calls is not null && rules.Requirements.MaxUsd is { } ceiling)
        {
            allowed = Take(payment, calls, ceiling, rules.BoundOf(facts, profile)) is { } paid && paid < (allowed ?? long.MaxValue) ? paid : allowed;
        }

        if (allowed is not { } limit)
        {
            return options;
        }

        ChatOptions limited = options?.Clone() ?? new ChatOptions();
        limited.MaxOutputTokens = (int)Math.Min(limit, int.MaxValue);
        payment.Limited($"the answer was limited to {limit} tokens, what the price ceiling pays");
        return limited;
    }

    // Middleware between a composition and this model may ask it several times: each call takes what it can cost from the same purse.
    private long? Take(ModelPayment payment, CallLog calls, decimal ceiling, PriceBound bound)
    {
        payment.TakenUsd = calls.TryTake(ceiling, bound, out long output);
        if (payment.TakenUsd is not null)
        {
            return output < bound.MostOutput ? output : null;
        }

        decimal asked = CostBounds.UpperUsd(bound.Price, bound.InputTokens, bound.NeededOutput) ?? 0;
        decimal committed = calls.CommittedUsd;
        BudgetExceededException error = new(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: the price ceiling of ${ceiling:0.######} pays for no further call of this attempt, which could cost ${asked:0.######}: its {calls.Count} {(calls.Count == 1 ? "call" : "calls")} so far took ${committed:0.######}. Raise MaxUsd, or set or lower MaxOutputTokens."))
        {
            CapUsd = ceiling,
            SpentUsd = committed,
            AskedUsd = asked,
        };
        error.Attach(NotAsked(payment, error.Message));
        throw error;
    }

    // The name that an application gave the model is no model of the provider's, unless it happens to be the same.
    private bool IsProviders(string id, Candidate facts) =>
        id.Equals(InnerClient.GetService<ChatClientMetadata>()?.DefaultModelId ?? facts.Card.Id, StringComparison.OrdinalIgnoreCase);

    // The provider would ask another model than the one that was checked and priced.
    private static ChatOptions WithoutModelId(ModelPayment payment, ChatOptions options)
    {
        payment.Limited("ModelId was dropped: rules, prices and the name are those of this model");
        ChatOptions own = options.Clone();
        own.ModelId = null;
        return own;
    }
}
