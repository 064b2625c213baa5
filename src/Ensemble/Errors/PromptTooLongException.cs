namespace Ensemble;

/// <summary>A prompt does not fit the context window of the member.</summary>
public sealed class PromptTooLongException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public PromptTooLongException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    public PromptTooLongException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message: the setting or file, the value, and the fix.</param>
    /// <param name="innerException">The cause.</param>
    public PromptTooLongException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the length of the prompt in tokens.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Gets the context window of the member in tokens, shared by prompt and answer.</summary>
    public long ContextWindow { get; init; }

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.PromptTooLong;
}
