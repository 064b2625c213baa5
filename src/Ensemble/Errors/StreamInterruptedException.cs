using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>A streamed answer broke after content had reached the caller; what was received is in <see cref="Partial"/>.</summary>
public sealed class StreamInterruptedException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public StreamInterruptedException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message.</param>
    public StreamInterruptedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public StreamInterruptedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets what the caller had received before the stream broke.</summary>
    public ChatResponse? Partial { get; init; }

    /// <summary>Gets why it broke.</summary>
    /// <value>The default value is <see cref="FailureClass.Protocol"/>.</value>
    public override FailureClass FailureClass => Cause;

    internal FailureClass Cause { get; init; } = FailureClass.Protocol;
}
