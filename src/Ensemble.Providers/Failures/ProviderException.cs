namespace Ensemble;

/// <summary>
/// A hosted model failed: its server answered with an error, broke the protocol, or could not be reached. The message names the
/// provider and never holds a key; the SDK's own exception is <see cref="Exception.InnerException"/> unless it quotes the key.
/// </summary>
public sealed class ProviderException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public ProviderException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message, without secrets.</param>
    public ProviderException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message, without secrets.</param>
    /// <param name="innerException">The cause.</param>
    public ProviderException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the failure: its class, and how long the provider asked to be left alone.</summary>
    public Failure Failure { get; init; }

    /// <summary>Gets the HTTP status; 0 when no answer arrived.</summary>
    public int StatusCode { get; init; }

    /// <summary>Gets the provider's own code of the error, for instance <c>context_length_exceeded</c>; <see langword="null"/> when it gave none.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the provider's id of the request, for its support; <see langword="null"/> when it gave none.</summary>
    public string? RequestId { get; init; }

    /// <inheritdoc/>
    public override TimeSpan? RetryAfter => Failure.RetryAfter;

    /// <inheritdoc/>
    public override FailureClass FailureClass => Failure.Class;

    /// <inheritdoc/>
    protected override bool WasRefused => StatusCode >= 400;
}
