namespace Ensemble;

/// <summary>
/// Says what an HTTP answer means. The body decides before the status: an exhausted balance arrives as 400 or 429 at some providers. What an
/// error calls itself decides before its words, which may quote the prompt.
/// </summary>
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
        string? code = ErrorCode.Read(body);
        if ((Find(code, static _ => true) ?? Find(body, code is null ? static _ => true : IsSentence)) is { } known)
        {
            return known;
        }

        return status switch
        {
            401 => FailureClass.Unauthorized,
            402 => FailureClass.QuotaExhausted,
            403 => FailureClass.Forbidden,
            404 => FailureClass.ModelNotFound,
            408 or 504 => FailureClass.Timeout,
            413 => FailureClass.PromptTooLong,
            409 or 424 => FailureClass.Transport,
            425 or 429 => FailureClass.RateLimited,
            499 => FailureClass.Timeout,
            // 529 is what Anthropic sends when it is overloaded.
            503 or 529 => FailureClass.Overloaded,
            >= 500 => FailureClass.Transport,
            >= 400 => FailureClass.BadRequest,
            0 => FailureClass.Unknown,
            _ => FailureClass.Protocol,
        };
    }

    // Codes are words with underscores; in the message of an error that has a code of its own they can only be quoted.
    private static bool IsSentence(string phrase) => phrase.Contains(' ', StringComparison.Ordinal);

    private static FailureClass? Find(string? text, Func<string, bool> counts)
    {
        foreach ((string phrase, FailureClass known) in Phrases)
        {
            if (text is not null && counts(phrase) && text.Contains(phrase, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        return null;
    }
}
