namespace Ensemble;

/// <summary>
/// Every member that could be asked has failed; the attempts say how each did. A service in front can answer by the class: 429 for
/// <see cref="FailureClass.RateLimited"/>, 503 for <see cref="FailureClass.Overloaded"/>, with <see cref="RetryAfter"/>.
/// </summary>
public sealed class AllMembersFailedException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public AllMembersFailedException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    public AllMembersFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public AllMembersFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the error of members that failed so.</summary>
    /// <param name="message">The message.</param>
    /// <param name="receipt">How each did.</param>
    /// <param name="innerException">The error of the last.</param>
    /// <param name="retryAfter">When the first of them can be asked again.</param>
    /// <param name="passedOver">The mildest reason for which members were not asked.</param>
    internal AllMembersFailedException(string message, Receipt receipt, Exception? innerException, TimeSpan? retryAfter = null, FailureClass? passedOver = null)
        : base(message, innerException)
    {
        Receipt = receipt;
        FailureClass = MildestFailure.Of(receipt, passedOver);
        RetryAfter = retryAfter;
    }

    /// <summary>Gets the mildest of the members' failures: what passes by itself before what somebody has to mend.</summary>
    /// <value>The default value is <see cref="FailureClass.Unknown"/>.</value>
    public override FailureClass FailureClass { get; }

    /// <summary>Gets how long until the first of the members can be asked again that were asked too often or named a time; <see langword="null"/> when none was or did. A router that asked a router waits for it.</summary>
    public override TimeSpan? RetryAfter { get; }

    /// <summary>Gets whether the queues in front of the members refused, and no member was asked.</summary>
    internal bool IsOnlyBusy { get; init; }
}
