namespace Ensemble;

/// <summary>One account of a ledger: a budget, a subject and a window of the calendar, with the cap that holds for it.</summary>
public readonly struct LedgerAccount : IEquatable<LedgerAccount>
{
    // An account is looked up several times a call; its strings are hashed once.
    private readonly int _hash;

    /// <summary>Creates an account.</summary>
    /// <param name="budget">The budget's name.</param>
    /// <param name="subject">The tenant, model or conversation; empty when all spending is added up.</param>
    /// <param name="window">The window as a number: <c>yyyymmdd</c>, <c>yyyymm</c>, or 0 when the budget never starts anew.</param>
    /// <param name="capNanoUsd">The cap in nano-dollars.</param>
    public LedgerAccount(string budget, string subject, int window, long capNanoUsd)
    {
        Budget = budget;
        Subject = subject;
        Window = window;
        CapNanoUsd = capNanoUsd;
        _hash = HashCode.Combine(budget, subject, window);
    }

    /// <summary>Gets the budget's name.</summary>
    public string Budget { get; }

    /// <summary>Gets the tenant, model or conversation; empty when all spending is added up.</summary>
    public string Subject { get; }

    /// <summary>Gets the window as a number: <c>yyyymmdd</c>, <c>yyyymm</c>, or 0 when the budget never starts anew.</summary>
    public int Window { get; }

    /// <summary>Gets the cap in nano-dollars; it is the reader's and no part of the account's identity, so a changed cap keeps what was spent.</summary>
    public long CapNanoUsd { get; }

    /// <summary>Gets after how long without a call a store forgets the account; no part of its identity.</summary>
    /// <value>The default value is <see langword="null"/>: never, but for windows that are over.</value>
    public TimeSpan? ForgetAfter { get; init; }

    internal LedgerAccount Uncapped() => new(Budget, Subject, Window, long.MaxValue) { ForgetAfter = ForgetAfter };

    /// <summary>Compares two accounts.</summary>
    public static bool operator ==(LedgerAccount left, LedgerAccount right) => left.Equals(right);

    /// <summary>Compares two accounts.</summary>
    public static bool operator !=(LedgerAccount left, LedgerAccount right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(LedgerAccount other) => Window == other.Window && Budget == other.Budget && Subject == other.Subject;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LedgerAccount other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => $"{Budget}/{Subject}/{Window}";
}
