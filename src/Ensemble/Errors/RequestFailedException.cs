namespace Ensemble;

/// <summary>A member says that the request itself is at fault, so no other member was asked.</summary>
public sealed class RequestFailedException : EnsembleException
{
    private readonly FailureClass _class;

    /// <summary>Creates the error.</summary>
    public RequestFailedException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message.</param>
    public RequestFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public RequestFailedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the error of one member.</summary>
    /// <param name="message">The message.</param>
    /// <param name="failureClass">What is wrong with the request.</param>
    /// <param name="member">The member that said so.</param>
    /// <param name="innerException">The cause.</param>
    public RequestFailedException(string message, FailureClass failureClass, string member, Exception? innerException = null)
        : base(message, innerException)
    {
        _class = failureClass;
        Member = member;
    }

    /// <summary>Gets the member that said so.</summary>
    public string? Member { get; }

    /// <inheritdoc/>
    public override FailureClass FailureClass => _class;
}
