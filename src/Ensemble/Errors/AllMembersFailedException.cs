namespace Ensemble;

/// <summary>Every member that could be asked has failed; the attempts say how each did.</summary>
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

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.Unknown;
}
