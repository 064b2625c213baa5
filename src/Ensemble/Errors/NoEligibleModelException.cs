namespace Ensemble;

/// <summary>No model may answer the request; <see cref="Refusals"/> lists every one and the rule that refused it.</summary>
public sealed class NoEligibleModelException : EnsembleException
{
    /// <summary>Creates the error.</summary>
    public NoEligibleModelException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message.</param>
    public NoEligibleModelException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public NoEligibleModelException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the error of a composition; the message lists every model and why it was refused.</summary>
    /// <param name="composition">The name of the composition.</param>
    /// <param name="refusals">The refusals, one a deployment.</param>
    public NoEligibleModelException(string composition, IReadOnlyList<Refusal> refusals)
        : base($"{composition}: no model may answer this request. {string.Join(". ", refusals)}.") => Refusals = refusals;

    /// <summary>Gets every model and the rules that refused it.</summary>
    public IReadOnlyList<Refusal> Refusals { get; } = [];

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.BadRequest;
}
