namespace Ensemble;

/// <summary>The base of every error that Ensemble raises; it carries the receipt of what had happened so far.</summary>
public class EnsembleException : Exception
{
    private Receipt? _receipt;

    /// <summary>Creates an error.</summary>
    public EnsembleException()
    {
    }

    /// <summary>Creates an error with a message that names the setting or file, the value and the fix.</summary>
    /// <param name="message">The message.</param>
    public EnsembleException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public EnsembleException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the receipt of what had happened before the error; <see langword="null"/> when nothing had. Each composition that the error passes puts its own receipt around it.</summary>
    public Receipt? Receipt
    {
        get => _receipt;
        init => _receipt = value;
    }

    /// <summary>Gets the attempts that were made; empty when none was.</summary>
    public IReadOnlyList<Attempt> Attempts => Receipt?.Attempts ?? [];

    /// <summary>Gets what the error means for the request.</summary>
    /// <value>The default value is <see cref="FailureClass.Unknown"/>.</value>
    public virtual FailureClass FailureClass => FailureClass.Unknown;

    /// <summary>Gets how long the member asked to be left alone; <see langword="null"/> when it did not say.</summary>
    public virtual TimeSpan? RetryAfter => null;

    /// <summary>Gets whether the model refused the call before it made anything, with an error status for instance: such a call costs nothing.</summary>
    /// <value>The default value is <see langword="false"/>: what became of the call cannot be told from the error alone.</value>
    protected internal virtual bool WasRefused => false;

    /// <summary>Gets the budget that refused a member of the request; <see langword="null"/> when money was no reason.</summary>
    internal BudgetExceededException? Unpaid { get; init; }

    /// <summary>
    /// Tells the error with its causes and where they were thrown, as logs want it. Of causes that are not ours only the type is told: their messages may
    /// quote the prompt or a key. Whoever looks for them finds them in <see cref="Exception.InnerException"/>.
    /// </summary>
    /// <returns>The text.</returns>
    public override string ToString() => ErrorText.Of(this);

    /// <summary>Puts the receipt of an outer composition on the error; the inner one is a branch of it.</summary>
    internal void Attach(Receipt receipt) => _receipt = receipt;
}
