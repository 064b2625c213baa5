namespace Ensemble;

/// <summary>A member refused the request at once because its queue is full.</summary>
public sealed class ModelBusyException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public ModelBusyException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    public ModelBusyException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public ModelBusyException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.Overloaded;
}
