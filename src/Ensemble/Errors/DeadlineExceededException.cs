namespace Ensemble;

/// <summary>The time that a request was given is up; its attempts say what had been tried.</summary>
public sealed class DeadlineExceededException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public DeadlineExceededException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message: the limit, and what was tried.</param>
    public DeadlineExceededException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message: the limit, and what was tried.</param>
    /// <param name="innerException">The cause.</param>
    public DeadlineExceededException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.Timeout;
}
