using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using Polly.Timeout;

namespace Ensemble;

/// <summary>Classifies what the platform throws; it knows no provider's SDK.</summary>
internal static class DefaultFailureClassifier
{
    // Wrappers of SDKs are a few levels deep; the limit ends a cycle.
    private const int MaximumDepth = 8;

    public static Failure Classify(Exception exception)
    {
        Exception? inner = exception;
        for (int depth = 0; inner is not null && depth < MaximumDepth; depth++)
        {
            if (ClassOf(inner) is { } known)
            {
                // HttpClient knows no headers of the answer; those who wrap it often put the server's words into the message.
                TimeSpan? wait = inner is HttpRequestException && known is FailureClass.RateLimited or FailureClass.Overloaded ? RetryAfter.ReadText(inner.Message) : null;
                return new Failure(known, wait);
            }

            inner = inner.InnerException;
        }

        return new Failure(FailureClass.Unknown);
    }

    private static FailureClass? ClassOf(Exception exception) => exception switch
    {
        EnsembleException own => own.FailureClass,
        HttpRequestException http => OfHttp(http),
        // Whoever cancelled, it was not the caller: that is looked at before.
        OperationCanceledException or TimeoutException or TimeoutRejectedException => FailureClass.Timeout,
        SocketException or IOException => FailureClass.Transport,
        JsonException or FormatException => FailureClass.Protocol,
        PlatformNotSupportedException => FailureClass.Unknown,
        NotSupportedException => FailureClass.UnsupportedOption,
        // A client that refuses what it was given names it. What else is null or out of range is so in the client's own code: a value of the answer that it
        // does not know, an index, a key that nobody configured. Another member does not share that.
        ArgumentNullException or ArgumentOutOfRangeException when !CallerArguments.Names(((ArgumentException)exception).ParamName) => FailureClass.Unknown,
        ArgumentException => FailureClass.BadRequest,
        _ => null,
    };

    // HttpClient quotes no body, but those who wrap it often put the server's words into the message.
    private static FailureClass OfHttp(HttpRequestException http) =>
        http.StatusCode is { } status ? HttpFailure.Classify((int)status, http.Message) : FailureClass.Transport;
}
