namespace Ensemble;

/// <summary>
/// The server of a model answered with an error. The message never repeats the body, which may quote the prompt; classifiers read
/// <see cref="Body"/> and <see cref="Headers"/>.
/// </summary>
public sealed class ModelHttpException : EnsembleException
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    /// <summary>Creates the error.</summary>
    public ModelHttpException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message, without the body.</param>
    public ModelHttpException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message, without the body.</param>
    /// <param name="innerException">The cause.</param>
    public ModelHttpException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets the HTTP status; 0 when there was none.</summary>
    public int StatusCode { get; init; }

    /// <summary>Gets the headers that say when to come back, by name without regard to case; empty when unknown.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    /// <summary>Gets the body of the answer; <see langword="null"/> when it was not read.</summary>
    public string? Body { get; init; }

    /// <inheritdoc/>
    public override FailureClass FailureClass => HttpFailure.Classify(StatusCode, Body);

    /// <inheritdoc/>
    protected internal override bool WasRefused => StatusCode >= 400;

    /// <summary>Reads how long the server wants to be left alone; see <see cref="Ensemble.RetryAfter"/>.</summary>
    /// <param name="now">The time at which the answer came.</param>
    /// <returns>The wait, or <see langword="null"/> when the server does not say.</returns>
    public TimeSpan? GetRetryAfter(DateTimeOffset now) => Ensemble.RetryAfter.Read(Headers, Body, now, isRateLimit: FailureClass is FailureClass.RateLimited);
}
