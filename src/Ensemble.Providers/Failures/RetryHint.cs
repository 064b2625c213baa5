using System.Net.Http.Headers;

namespace Ensemble;

/// <summary>Reads how long a provider asks to be left alone, where that has a meaning.</summary>
internal static class RetryHint
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    public static TimeSpan? Read(FailureClass failure, HttpResponseHeaders? headers, string? body, TimeProvider time) =>
        Read(failure, headers?.NonValidated.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body, time);

    /// <summary>Every answer may carry the resets of limits; only a refusal for lack of capacity makes them a time to wait.</summary>
    public static TimeSpan? Read(FailureClass failure, IReadOnlyDictionary<string, string>? headers, string? body, TimeProvider time) =>
        failure is FailureClass.RateLimited or FailureClass.Overloaded or FailureClass.QuotaExhausted or FailureClass.Transport
            ? RetryAfter.Read(headers ?? NoHeaders, body, time.GetUtcNow(), isRateLimit: failure is FailureClass.RateLimited)
            : null;
}
