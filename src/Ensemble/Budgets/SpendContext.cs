using System.Globalization;

namespace Ensemble;

/// <summary>Who spends: one request with everything nested in it. The envelope of a request holds one and gives it to each reservation.</summary>
public sealed class SpendContext
{
    private const string OwnName = "request (MaxUsd)";

    private static int _parts;

    private RequestPurse? _request;

    /// <summary>Gets the tenant on whose behalf the request runs; <see langword="null"/> when there is none.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets the conversation that the request belongs to; <see langword="null"/> when there is none.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Gets what the request itself may cost in US dollars; <see langword="null"/> when only budgets limit it.</summary>
    public decimal? CapUsd
    {
        get => Own?.Usd;
        init => Own = value is { } cap ? new Budget(OwnName, cap) { Scope = BudgetScope.Request } : null;
    }

    /// <summary>Gets the requests of nobody in particular, without a conversation and a cap; only for ledgers without budgets per request, whose accounts it would hold.</summary>
    internal static SpendContext Nobody { get; } = new();

    /// <summary>Gets the budget that the request brings along.</summary>
    internal Budget? Own { get; private init; }

    /// <summary>Gets what the request is a part of with a cap of its own; <see langword="null"/> for the whole.</summary>
    internal SpendContext? Outer { get; private init; }

    /// <summary>Gets the accounts of the budgets per request; they live and die with the request, so no table of them grows.</summary>
    internal RequestPurse Accounts => Outer is { } whole ? whole.Accounts
        : Volatile.Read(ref _request) ?? Interlocked.CompareExchange(ref _request, new RequestPurse(), null) ?? _request;

    /// <summary>Makes the context of a part: it pays from the purse of the whole, and a cap of its own holds besides.</summary>
    /// <param name="capUsd">The cap that the part names; that of the whole, which comes down with its options, is no other.</param>
    internal SpendContext Within(decimal? capUsd)
    {
        for (SpendContext? known = this; known is not null; known = known.Outer)
        {
            if (capUsd is null || capUsd == known.CapUsd)
            {
                return this;
            }
        }

        // In the purse of the whole each part has its own account.
        Budget own = new(string.Create(CultureInfo.InvariantCulture, $"part {Interlocked.Increment(ref _parts)} of the request (MaxUsd)"), capUsd!.Value) { Scope = BudgetScope.Request };
        return new SpendContext { Tenant = Tenant, ConversationId = ConversationId, Own = own, Outer = this };
    }
}
