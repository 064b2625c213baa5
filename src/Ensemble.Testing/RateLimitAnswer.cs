using System.Globalization;

namespace Ensemble.Testing;

/// <summary>Writes one wait in the dialect of a provider.</summary>
internal static class RateLimitAnswer
{
    public static ModelHttpException Create(TimeSpan wait, RetryAfterDialect dialect, DateTimeOffset now)
    {
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        string body = """{"error":{"type":"rate_limit_exceeded","message":"Rate limit reached."}}""";
        double seconds = Math.Ceiling(wait.TotalSeconds);
        switch (dialect)
        {
            case RetryAfterDialect.Seconds:
                headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
                break;
            case RetryAfterDialect.HttpDate:
                headers["Retry-After"] = WholeSeconds(now + wait).ToString("R", CultureInfo.InvariantCulture);
                break;
            case RetryAfterDialect.Milliseconds:
                headers["retry-after-ms"] = Math.Ceiling(wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
                break;
            case RetryAfterDialect.ResetDuration:
                headers["x-ratelimit-remaining-requests"] = "0";
                headers["x-ratelimit-reset-requests"] = Duration(wait);
                break;
            case RetryAfterDialect.ResetUnixTime:
                headers["x-ratelimit-remaining"] = "0";
                headers["x-ratelimit-reset"] = WholeSeconds(now + wait).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
                break;
            case RetryAfterDialect.MessageText:
                body = string.Create(CultureInfo.InvariantCulture, $$$"""{"error":{"type":"rate_limit_exceeded","message":"Rate limit reached. Please try again in {{{Duration(wait)}}}."}}""");
                break;
        }

        return new ModelHttpException("The model's server answered 429 (too many requests).") { StatusCode = 429, Headers = headers, Body = body };
    }

    // Both are exact only to the second; rounding down would invite a call that is refused again.
    private static DateTimeOffset WholeSeconds(DateTimeOffset time)
    {
        long over = time.UtcTicks % TimeSpan.TicksPerSecond;
        return over == 0 ? time : time.AddTicks(TimeSpan.TicksPerSecond - over);
    }

    private static string Duration(TimeSpan wait)
    {
        if (wait < TimeSpan.FromSeconds(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(wait.TotalMilliseconds)}ms");
        }

        string seconds = ((wait.Seconds * 1000 + wait.Milliseconds) / 1000.0).ToString("0.###", CultureInfo.InvariantCulture);
        return wait < TimeSpan.FromMinutes(1)
            ? $"{seconds}s"
            : string.Create(CultureInfo.InvariantCulture, $"{(long)wait.TotalMinutes}m{seconds}s");
    }
}
