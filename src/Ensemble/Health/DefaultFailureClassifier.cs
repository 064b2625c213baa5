using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using Polly.Timeout;

namespace Ensemble;

/// <summary>Classifies what the platform throws; it knows no provider's SDK.</summary>
internal static class DefaultFailureClassifier
{
    // A body that is quoted in the message decides before the status: these arrive as 400 or 429.
    private static readonly (string Phrase, FailureClass Class)[] Phrases =
    [
        ("insufficient_quota", FailureClass.QuotaExhausted),
        ("context_length_exceeded", FailureClass.PromptTooLong),
        ("maximum context length", FailureClass.PromptTooLong),
        ("content_filter", FailureClass.ContentFilter),
    ];

    // Wrappers of SDKs are a few levels deep; the limit ends a cycle.
    private const int MaximumDepth = 8;

    public static Failure Classify(Exception exception)
    {
        Exception? inner = exception;
        for (int depth = 0; inner is not null && depth < MaximumDepth; depth++)
        {
            if (ClassOf(inner) is { } known)
            {
                return new Failure(known);
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
        NotSupportedException => FailureClass.UnsupportedOption,
        ArgumentException => FailureClass.BadRequest,
        _ => null,
    };

    private static FailureClass OfHttp(HttpRequestException http)
    {
        foreach ((string phrase, FailureClass known) in Phrases)
        {
            if (http.Message.Contains(phrase, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        return http.StatusCode is { } status ? OfStatus((int)status) : FailureClass.Transport;
    }

    private static FailureClass OfStatus(int status) => status switch
    {
        (int)HttpStatusCode.Unauthorized => FailureClass.Unauthorized,
        (int)HttpStatusCode.PaymentRequired => FailureClass.QuotaExhausted,
        (int)HttpStatusCode.Forbidden => FailureClass.Forbidden,
        (int)HttpStatusCode.NotFound => FailureClass.ModelNotFound,
        (int)HttpStatusCode.RequestTimeout => FailureClass.Timeout,
        (int)HttpStatusCode.RequestEntityTooLarge => FailureClass.PromptTooLong,
        (int)HttpStatusCode.TooManyRequests => FailureClass.RateLimited,
        // 529 is what Anthropic sends when it is overloaded.
        (int)HttpStatusCode.ServiceUnavailable or 529 => FailureClass.Overloaded,
        >= 500 => FailureClass.Transport,
        >= 400 => FailureClass.BadRequest,
        _ => FailureClass.Protocol,
    };
}
