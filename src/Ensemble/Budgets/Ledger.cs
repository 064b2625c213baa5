using System.Collections.Immutable;

namespace Ensemble;

/// <summary>
/// Reserves money before each call and settles it after, so that no interleaving of calls can spend more than a cap. It holds no money
/// itself: accounts are in an <see cref="ILedgerStore"/>, those of budgets per request in the request's <see cref="SpendContext"/>.
/// Thread-safe.
/// </summary>
public sealed partial class Ledger
{
    private readonly ILedgerStore _store;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<Budget> _budgets;
    private readonly ImmutableArray<Budget> _requestBudgets;
    private readonly bool _hasOneSet;
    private AccountSet? _set;

    /// <summary>Creates a ledger.</summary>
    /// <param name="store">Where the accounts are kept.</param>
    /// <param name="budgets">The caps; each that concerns a call must be able to pay it.</param>
    /// <param name="timeProvider">The clock whose calendar counts; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">Two budgets have the same name: they would share their accounts.</exception>
    public Ledger(ILedgerStore store, IEnumerable<Budget> budgets, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(budgets);
        Budget[] all = [.. budgets];
        if (all.GroupBy(budget => budget.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Two budgets are named '{twice.Key}'; give each its own name.", nameof(budgets));
        }

        _store = store;
        _time = timeProvider ?? TimeProvider.System;
        _budgets = [.. all.Where(budget => budget.Scope is not BudgetScope.Request)];
        _requestBudgets = [.. all.Where(budget => budget.Scope is BudgetScope.Request)];
        _memory = store as MemoryLedgerStore;
        _hasOneSet = _budgets.All(static budget => budget.HasOneAccount);
        SharesRequests = !_requestBudgets.IsEmpty || _budgets.Any(static budget => budget.Scope is BudgetScope.Conversation || budget.Ask is not null);
    }

    /// <summary>Gets whether any budget may refuse a call; without one nothing needs an output limit.</summary>
    public bool HasBudgets => !_budgets.IsEmpty || !_requestBudgets.IsEmpty;

    /// <summary>Gets whether the calls of one request must know of each other: they share a budget, or are told apart by what their request was.</summary>
    internal bool SharesRequests { get; }

    /// <summary>Says whether anything may refuse a call of this request.</summary>
    internal bool Limits(SpendContext context) => HasBudgets || context.Own is not null;

    /// <summary>Gets the budgets.</summary>
    public IEnumerable<Budget> Budgets => _budgets.Concat(_requestBudgets);

    /// <summary>Gets where the accounts are kept.</summary>
    internal ILedgerStore Store => _store;

    /// <summary>Sets money aside for a call, on all budgets that concern it or on none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="model">The model that will be called.</param>
    /// <param name="usd">The upper bound of what the call costs, in US dollars; see <see cref="CostBounds"/>.</param>
    /// <param name="validFor">How long the call may take at most; a reservation that is not closed by then is booked in full, since its process may have died.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>The booking, to be settled or released.</returns>
    /// <exception cref="BudgetExceededException">A budget cannot pay.</exception>
    /// <exception cref="LedgerException">The store failed, or whoever decides about an exhausted budget did; nothing is set aside.</exception>
    public ValueTask<Booking> ReserveAsync(SpendContext context, string model, decimal usd, TimeSpan validFor, CancellationToken cancellationToken = default) =>
        ReserveAsync(context, model, usd, validFor, [], cancellationToken);

    /// <summary>Sets money aside, also on the budgets that the request's compositions name; who decides about exhausted budgets is asked, unless the call is one that may as well not be made.</summary>
    internal async ValueTask<Booking> ReserveAsync(
        SpendContext context, string model, decimal usd, TimeSpan validFor, IReadOnlyList<string> named, CancellationToken cancellationToken, bool isNeeded = true)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(validFor, TimeSpan.Zero);
        List<string>? allowed = null;
        while (true)
        {
            DateTimeOffset now = _time.GetUtcNow();
            Guid id = BookingId.Next(now);
            LedgerReservation reservation = Reservation(id, context, model, NanoUsd.FromUsd(usd), validFor, Uncap(Accounts(context, model, named, now), allowed), now);
            if (await TryReserveAsync(reservation, context, named, allowed, cancellationToken).ConfigureAwait(false) is not { RefusedBy: { } account } refused)
            {
                return new Booking(reservation, context, IsInRequest(context), named, allowed?[0]);
            }

            // Nothing is reserved while somebody decides: a person who is asked may take long.
            Budget budget = Find(context, account.Budget);
            DateTimeOffset? resetsAt = CalendarWindow.NextStart(budget.Per, budget.TimeZone, now);
            BudgetDecision decision = !isNeeded ? BudgetDecision.Refuse
                : budget.Ask is { } ask
                ? await AskAsync(ask, new BudgetQuestion(budget, context, model, refused.Balance, usd, resetsAt), cancellationToken).ConfigureAwait(false)
                : budget.OnExhausted;
            if (!decision.Allows || allowed?.Contains(budget.Name) is true)
            {
                throw BudgetExceededException.Create(budget, refused.Balance, usd, resetsAt, decision.Member);
            }

            (allowed ??= []).Add(budget.Name);
        }
    }

    /// <summary>Closes a booking with what the call has cost; more than the reserve is booked in full and weighs on the next reservation.</summary>
    /// <param name="booking">The booking.</param>
    /// <param name="usd">The cost in US dollars; <see langword="null"/> when the price is unknown: then the reserve is booked, and the call is counted as unpriced.</param>
    /// <param name="inputTokens">The tokens of the prompt.</param>
    /// <param name="outputTokens">The tokens of the answer.</param>
    /// <param name="cachedInputTokens">How many of the input tokens were read from the provider's cache.</param>
    /// <param name="source">Where the figures come from.</param>
    /// <param name="cancellationToken">Cancels before anything is written; a caller who left is no reason to cancel, the call was made.</param>
    /// <returns>What was done; <see cref="SettleOutcome.AlreadyClosed"/> for a booking that was closed before.</returns>
    public ValueTask<SettleOutcome> SettleAsync(
        Booking booking, decimal? usd, long inputTokens, long outputTokens, long cachedInputTokens = 0, UsageSource source = UsageSource.Reported, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(booking);
        LedgerSettlement settlement = new()
        {
            Id = booking.Id,
            NanoUsd = usd is { } known ? NanoUsd.FromUsd(known) : null,
            InputTokens = inputTokens,
            CachedInputTokens = cachedInputTokens,
            OutputTokens = outputTokens,
            Source = source,
            At = _time.GetUtcNow(),
        };
        return CloseAsync(booking, settlement, cancellationToken);
    }

    /// <summary>Closes a booking whose call never left.</summary>
    /// <param name="booking">The booking.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>What was done.</returns>
    public ValueTask<SettleOutcome> ReleaseAsync(Booking booking, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(booking);
        return CloseAsync(booking, settlement: null, cancellationToken);
    }

    /// <summary>Reads what the tightest budget can still pay for a call.</summary>
    /// <param name="context">The request.</param>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>US dollars; <see langword="null"/> when no budget concerns the call.</returns>
    public async ValueTask<decimal?> GetRemainingUsdAsync(SpendContext context, string model, CancellationToken cancellationToken = default)
    {
        return await GetRemainingUsdAsync(context, model, [], cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads what the tightest budget can still pay, those that the request's compositions name included.</summary>
    internal async ValueTask<decimal?> GetRemainingUsdAsync(SpendContext context, string model, IReadOnlyList<string> named, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        DateTimeOffset now = _time.GetUtcNow();
        long? least = null;
        foreach (LedgerAccount account in RequestAccounts(context, model, named, now))
        {
            LedgerBalance balance = context.Accounts.Balance(account);
            least = Math.Min(least ?? long.MaxValue, balance.Remaining(account.CapNanoUsd));
        }

        foreach (LedgerAccount account in Accounts(context, model, named, now))
        {
            LedgerBalance balance = await BalanceAsync(account, cancellationToken).ConfigureAwait(false);
            least = Math.Min(least ?? long.MaxValue, balance.Remaining(account.CapNanoUsd));
        }

        return least is { } nano ? NanoUsd.ToUsd(nano) : null;
    }

    /// <summary>Reads how much of each budget is spent, as a request would find it.</summary>
    /// <param name="context">The request; budgets of tenants and conversations that it does not have are left out, and so are those of requests.</param>
    /// <param name="model">The model; <see langword="null"/> leaves out the budgets of models.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The balances in the order of the budgets.</returns>
    public async ValueTask<IReadOnlyList<BudgetBalance>> GetBalancesAsync(SpendContext context, string? model = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        DateTimeOffset now = _time.GetUtcNow();
        List<BudgetBalance> balances = [];
        foreach (Budget budget in _budgets)
        {
            if ((budget.Scope is BudgetScope.Model && model is null) || (budget.Scope is BudgetScope.Tenant && context.Tenant is null)
                || budget.AccountFor(context, model ?? "", now) is not { } account)
            {
                continue;
            }

            LedgerBalance balance = await _store.GetBalanceAsync(account, cancellationToken).ConfigureAwait(false);
            balances.Add(new BudgetBalance
            {
                Budget = budget,
                Subject = account.Subject,
                SpentUsd = NanoUsd.ToUsd(balance.SpentNanoUsd),
                ReservedUsd = NanoUsd.ToUsd(balance.ReservedNanoUsd),
                LeftUsd = NanoUsd.ToUsd(balance.Remaining(account.CapNanoUsd)),
                ResetsAt = CalendarWindow.NextStart(budget.Per, budget.TimeZone, now),
            });
        }

        return balances;
    }

    /// <summary>Adds up what was used.</summary>
    /// <param name="query">The time, and by what to group.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>One line a group.</returns>
    public ValueTask<IReadOnlyList<UsageLine>> GetUsageAsync(UsageQuery query, CancellationToken cancellationToken = default) => _store.GetUsageAsync(query, cancellationToken);

    private async ValueTask<ReserveOutcome> TryReserveAsync(
        LedgerReservation reservation, SpendContext context, IReadOnlyList<string> named, List<string>? allowed, CancellationToken cancellationToken)
    {
        bool inRequest = IsInRequest(context);
        if (inRequest)
        {
            ReserveOutcome mine = ReserveInRequest(reservation, context, named, allowed);
            if (!mine.IsAccepted)
            {
                return mine;
            }
        }

        bool reserved = false;
        try
        {
            ReserveOutcome all = await _store.ReserveAsync(reservation, cancellationToken).ConfigureAwait(false);
            reserved = all.IsAccepted;
            return all;
        }
        catch (Exception exception) when (LedgerException.Concerns(exception))
        {
            throw LedgerException.OfStore("set money aside", _store, exception);
        }
        finally
        {
            if (inRequest && !reserved)
            {
                context.Accounts.Release(reservation.Id);
            }
        }
    }

    private async ValueTask<LedgerBalance> BalanceAsync(LedgerAccount account, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.GetBalanceAsync(account, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (LedgerException.Concerns(exception))
        {
            throw LedgerException.OfStore("read what a budget has left", _store, exception);
        }
    }

    private static async ValueTask<BudgetDecision> AskAsync(BudgetCallback ask, BudgetQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(question, cancellationToken).ConfigureAwait(false) ?? BudgetDecision.Refuse;
        }
        catch (Exception exception) when (LedgerException.Concerns(exception))
        {
            throw new LedgerException($"Budget '{question.Budget.Name}' is exhausted, and its {nameof(Budget.Ask)} threw {exception.GetType().Name} instead of deciding. Let it return a decision.", exception);
        }
    }

    private bool IsInRequest(SpendContext context) => !_requestBudgets.IsEmpty || context.Own is not null;

    private ReserveOutcome ReserveInRequest(LedgerReservation whole, SpendContext context, IReadOnlyList<string> named, List<string>? allowed) => context.Accounts.Reserve(new LedgerReservation
    {
        Id = whole.Id,
        NanoUsd = whole.NanoUsd,
        Accounts = Uncap(RequestAccounts(context, whole.Model, named, whole.At), allowed),
        Model = whole.Model,
        At = whole.At,
        ExpiresAt = DateTimeOffset.MaxValue,
    });

    private static LedgerReservation Reservation(Guid id, SpendContext context, string model, long nanoUsd, TimeSpan validFor, LedgerAccount[] accounts, DateTimeOffset now) => new()
    {
        Id = id,
        NanoUsd = nanoUsd,
        Accounts = accounts,
        Model = model,
        Tenant = context.Tenant,
        At = now,
        ExpiresAt = validFor < DateTimeOffset.MaxValue - now ? now + validFor : DateTimeOffset.MaxValue,
    };

    private Budget Find(SpendContext context, string name)
    {
        for (SpendContext? part = context; part is not null; part = part.Outer)
        {
            if (part.Own is { } own && own.Name == name)
            {
                return own;
            }
        }

        return Budgets.First(budget => budget.Name == name);
    }

    // Where every call falls on the same accounts they are made anew when one of them changes, at most once a minute.
    private LedgerAccount[] Accounts(SpendContext context, string model, IReadOnlyList<string> named, DateTimeOffset now)
    {
        if (!_hasOneSet)
        {
            return AccountsFor(_budgets, context, model, named, now);
        }

        long minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        if (Volatile.Read(ref _set) is { } known && known.Minute == minute)
        {
            return known.Accounts;
        }

        AccountSet made = new(minute, AccountsFor(_budgets, context, model, named, now));
        Volatile.Write(ref _set, made);
        return made.Accounts;
    }

    private LedgerAccount[] RequestAccounts(SpendContext context, string model, IReadOnlyList<string> named, DateTimeOffset now)
    {
        LedgerAccount[] accounts = AccountsFor(_requestBudgets, context, model, named, now);
        for (SpendContext? part = context; part is not null; part = part.Outer)
        {
            accounts = part.Own?.AccountFor(context, model, now) is { } own ? [.. accounts, own] : accounts;
        }

        return accounts;
    }

    private static LedgerAccount[] AccountsFor(ImmutableArray<Budget> budgets, SpendContext context, string model, IReadOnlyList<string> named, DateTimeOffset now)
    {
        if (budgets.IsEmpty)
        {
            return [];
        }

        LedgerAccount[] accounts = new LedgerAccount[budgets.Length];
        int count = 0;
        foreach (Budget budget in budgets)
        {
            if ((!budget.OnlyWhenNamed || named.Contains(budget.Name, StringComparer.OrdinalIgnoreCase)) && budget.AccountFor(context, model, now) is { } account)
            {
                accounts[count++] = account;
            }
        }

        return count == accounts.Length ? accounts : accounts[..count];
    }

    private static LedgerAccount[] Uncap(LedgerAccount[] accounts, List<string>? allowed) =>
        allowed is null ? accounts : Array.ConvertAll(accounts, account => allowed.Contains(account.Budget) ? account.Uncapped() : account);

    private async ValueTask<SettleOutcome> CloseAsync(Booking booking, LedgerSettlement? settlement, CancellationToken cancellationToken)
    {
        if (!booking.TryClose())
        {
            return SettleOutcome.AlreadyClosed;
        }

        SettleOutcome outcome;
        try
        {
            outcome = settlement is null
                ? await _store.ReleaseAsync(booking.Id, cancellationToken).ConfigureAwait(false)
                : await _store.SettleAsync(settlement, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            booking.Reopen();
            if (LedgerException.Concerns(exception))
            {
                throw LedgerException.OfStore("book a call", _store, exception);
            }

            throw;
        }

        if (booking.InRequest)
        {
            if (settlement is null)
            {
                booking.Context.Accounts.Release(booking.Id);
            }
            else
            {
                booking.Context.Accounts.Settle(booking.Id, settlement.NanoUsd, settlement.At);
            }
        }

        return outcome;
    }

    private sealed record AccountSet(long Minute, LedgerAccount[] Accounts);
}
