namespace Ensemble;

/// <summary>A cap on spending: how much, for whom, and for how long until it starts anew. Immutable and safe to share.</summary>
public sealed class Budget
{
    // 99991231, the last day, has 27 bits.
    private const int WindowBits = 27;

    private long _window = -1;

    /// <summary>Creates a budget.</summary>
    /// <param name="name">The name, which stands in errors and reports.</param>
    /// <param name="usd">The cap in US dollars; 0 forbids all spending.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="usd"/> is negative.</exception>
    public Budget(string name, decimal usd)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        CapNanoUsd = NanoUsd.CapFromUsd(usd);
        Name = name;
        Usd = usd;
    }

    /// <summary>Gets the name, which stands in errors and reports.</summary>
    public string Name { get; }

    /// <summary>Gets the cap in US dollars.</summary>
    public decimal Usd { get; }

    /// <summary>Gets whose spending is added up.</summary>
    /// <value>The default value is <see cref="BudgetScope.Everything"/>.</value>
    public BudgetScope Scope { get; init; }

    /// <summary>Gets when the budget starts anew.</summary>
    /// <value>The default value is <see cref="BudgetPeriod.Ever"/>.</value>
    public BudgetPeriod Per { get; init; }

    /// <summary>Gets the time zone whose calendar counts.</summary>
    /// <value>The default value is UTC.</value>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Gets what happens to a call that the budget cannot pay.</summary>
    /// <value>The default value is <see cref="BudgetDecision.Refuse"/>.</value>
    public BudgetDecision OnExhausted { get; init; } = BudgetDecision.Refuse;

    /// <summary>Gets who decides instead of <see cref="OnExhausted"/> about a call that the budget cannot pay.</summary>
    /// <value>The default value is <see langword="null"/>: nobody is asked.</value>
    public BudgetCallback? Ask { get; init; }

    /// <summary>Gets whether the budget concerns only the requests of compositions that name it; others are not limited by it.</summary>
    /// <value>The default value is <see langword="false"/>: it concerns all.</value>
    public bool OnlyWhenNamed { get; init; }

    /// <summary>
    /// Gets after how long without a call the account of a conversation is forgotten when the budget never starts anew; there is no end to
    /// conversations, and their accounts must not grow without bound. Accounts of tenants and models are never forgotten.
    /// </summary>
    /// <value>The default value is 30 days.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than a day: an open conversation would get its money twice.</exception>
    public TimeSpan ForgetIdleConversationsAfter
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromDays(1));
            field = value;
        }
    } = TimeSpan.FromDays(30);

    internal long CapNanoUsd { get; }

    /// <summary>Gets whether all spending falls on one account, whoever spends for whatever.</summary>
    internal bool HasOneAccount => Scope is BudgetScope.Everything && !OnlyWhenNamed;

    /// <summary>Gets whether the cap is forgotten with the process unless the ledger is kept on disk. A request ends with its process anyway.</summary>
    internal bool OutlivesTheProcess => Scope is not (BudgetScope.Request or BudgetScope.Conversation) || Per is not BudgetPeriod.Ever;

    internal Budget With(BudgetCallback? ask, bool onlyWhenNamed) => new(Name, Usd)
    {
        Scope = Scope,
        Per = Per,
        TimeZone = TimeZone,
        OnExhausted = OnExhausted,
        Ask = ask ?? Ask,
        OnlyWhenNamed = onlyWhenNamed || OnlyWhenNamed,
        ForgetIdleConversationsAfter = ForgetIdleConversationsAfter,
    };

    // A window begins and ends at a full minute, so each minute of UTC falls into one; zones are looked up once in it. The minute stands in
    // the upper bits, so that both are read and written at once.
    private int WindowAt(DateTimeOffset now)
    {
        if (Per is BudgetPeriod.Ever)
        {
            return 0;
        }

        long minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        long known = Volatile.Read(ref _window);
        if (known >> WindowBits == minute)
        {
            return (int)(known & ((1L << WindowBits) - 1));
        }

        int window = CalendarWindow.Of(Per, TimeZone, now);
        Volatile.Write(ref _window, (minute << WindowBits) | (long)window);
        return window;
    }

    /// <summary>Finds the account that a booking falls on; <see langword="null"/> when the budget does not concern it.</summary>
    internal LedgerAccount? AccountFor(SpendContext request, string model, DateTimeOffset now)
    {
        string? subject = Scope switch
        {
            // Names of tenants compare ignoring case, or one in other letters would have an account of its own.
            BudgetScope.Tenant => request.Tenant?.ToLowerInvariant() ?? "",
            BudgetScope.Model => model,
            BudgetScope.Conversation => request.ConversationId,
            _ => "",
        };

        return subject is null ? null : new LedgerAccount(Name, subject, WindowAt(now), CapNanoUsd)
        {
            ForgetAfter = Scope is BudgetScope.Conversation && Per is BudgetPeriod.Ever ? ForgetIdleConversationsAfter : null,
        };
    }
}
