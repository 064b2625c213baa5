namespace Ensemble;

/// <summary>Says what an HTTP answer means. The body decides before the status: an exhausted balance arrives as 400 or 429 at some providers.</summary>
internal static class HttpFailure
{
    private static readonly (string Phrase, FailureClass Class)[] Phrases =
    [
        ("insufficient_quota", FailureClass.QuotaExhausted),
        ("credit balance is too low", FailureClass.QuotaExhausted),
        ("insufficient balance", FailureClass.QuotaExhausted),
        ("billing_hard_limit_reached", FailureClass.QuotaExhausted),
        ("context_length_exceeded", FailureClass.PromptTooLong),
        ("maximum context length", FailureClass.PromptTooLong),
        ("prompt is too long", FailureClass.PromptTooLong),
        ("content_filter", FailureClass.ContentFilter),
        ("content_policy_violation", FailureClass.ContentFilter),
        ("model_not_found", FailureClass.ModelNotFound),
        ("invalid_api_key", FailureClass.Unauthorized),
        ("overloaded_error", FailureClass.Overloaded),
        ("unsupported_parameter", FailureClass.UnsupportedOption),
        ("unsupported_value", FailureClass.UnsupportedOption),
        ("json_validate_failed", FailureClass.Protocol),
    ];

    public static FailureClass Classify(int status, string? body)
    {
        foreach ((string phrase, FailureClass known) in Phrases)
        {
            if (body is not null && body.Contains(phrase, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        return status switch
        {
            401 => FailureClass.Unauthorized,
            402 => FailureClass.QuotaExhausted,
            403 => FailureClass.Forbidden,
            404 => FailureClass.ModelNotFound,
            408 or 504 => FailureClass.Timeout,
            413 => FailureClass.PromptTooLong,
            429 => FailureClass.RateLimited,
            // 529 is what Anthropic sends when it is overloaded.
            503 or 529 => FailureClass.Overloaded,
            >= 500 => FailureClass.Transport,
            >= 400 => FailureClass.BadRequest,
            0 => FailureClass.Unknown,
            _ => FailureClass.Protocol,
        };
    }
}
