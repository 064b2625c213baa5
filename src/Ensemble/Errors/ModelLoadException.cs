namespace Ensemble;

/// <summary>A local model could not be loaded; the message names the file or setting and the fix.</summary>
public sealed class ModelLoadException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public ModelLoadException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    public ModelLoadException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public ModelLoadException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the file or folder that is at fault, if one is.</summary>
    public string? Path { get; init; }

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.ModelNotFound;
}
