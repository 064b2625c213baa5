namespace Ensemble;

/// <summary>What is booked and reserved on an account.</summary>
public readonly struct LedgerBalance : IEquatable<LedgerBalance>
{
    /// <summary>Creates a balance.</summary>
    /// <param name="spentNanoUsd">What is booked, in nano-dollars.</param>
    /// <param name="reservedNanoUsd">What is reserved and not yet settled, in nano-dollars.</param>
    public LedgerBalance(long spentNanoUsd, long reservedNanoUsd)
    {
        SpentNanoUsd = spentNanoUsd;
        ReservedNanoUsd = reservedNanoUsd;
    }

    /// <summary>Gets what is booked, in nano-dollars.</summary>
    public long SpentNanoUsd { get; }

    /// <summary>Gets what is reserved and not yet settled, in nano-dollars.</summary>
    public long ReservedNanoUsd { get; }

    /// <summary>Compares two balances.</summary>
    public static bool operator ==(LedgerBalance left, LedgerBalance right) => left.Equals(right);

    /// <summary>Compares two balances.</summary>
    public static bool operator !=(LedgerBalance left, LedgerBalance right) => !left.Equals(right);

    /// <summary>Says whether a cap can still pay an amount on top of all that is booked and reserved; nothing can always be paid.</summary>
    /// <param name="nanoUsd">The amount in nano-dollars.</param>
    /// <param name="capNanoUsd">The cap in nano-dollars.</param>
    /// <returns><see langword="true"/> when it can.</returns>
    public bool CanPay(long nanoUsd, long capNanoUsd) => nanoUsd == 0 || NanoUsd.Add(NanoUsd.Add(SpentNanoUsd, ReservedNanoUsd), nanoUsd) <= capNanoUsd;

    /// <summary>Gets what a cap can still pay.</summary>
    /// <param name="capNanoUsd">The cap in nano-dollars.</param>
    /// <returns>Nano-dollars, not negative.</returns>
    public long Remaining(long capNanoUsd) => Math.Max(0, capNanoUsd - Math.Min(capNanoUsd, NanoUsd.Add(SpentNanoUsd, ReservedNanoUsd)));

    /// <inheritdoc/>
    public bool Equals(LedgerBalance other) => SpentNanoUsd == other.SpentNanoUsd && ReservedNanoUsd == other.ReservedNanoUsd;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LedgerBalance other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(SpentNanoUsd, ReservedNanoUsd);
}
