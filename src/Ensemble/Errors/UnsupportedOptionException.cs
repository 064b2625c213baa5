namespace Ensemble;

/// <summary>A request asked for an option that the member cannot honour; the message names the option and what to do instead.</summary>
public sealed class UnsupportedOptionException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public UnsupportedOptionException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    public UnsupportedOptionException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public UnsupportedOptionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.UnsupportedOption;
}
