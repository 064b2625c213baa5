namespace Ensemble;

/// <summary>
/// The ledger cannot set money aside: its store fails, or whoever decides about an exhausted budget does. Nothing was sent, no member is to blame,
/// and no other is asked, since the same ledger would have to pay it. The cause is the inner exception.
/// </summary>
public sealed class LedgerException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public LedgerException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message: what the ledger could not do, and what to look at.</param>
    public LedgerException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message: what the ledger could not do, and what to look at.</param>
    /// <param name="innerException">The cause.</param>
    public LedgerException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.Ledger;

    /// <summary>Makes the error of a store that failed; a caller who left is no failure.</summary>
    internal static bool Concerns(Exception exception) => exception is not (OperationCanceledException or EnsembleException);

    internal static LedgerException OfStore(string what, ILedgerStore store, Exception cause) =>
        new($"The ledger could not {what}: {store.GetType().Name} threw {cause.GetType().Name}. Look at the store; no member was at fault.", cause);
}
