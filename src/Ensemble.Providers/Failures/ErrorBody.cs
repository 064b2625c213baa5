using System.Net.Http.Headers;

namespace Ensemble;

/// <summary>
/// Tells what an error of a provider means. The body decides before the status: an exhausted balance arrives as 400 or 429 at some
/// providers, a failed generation as 400, a bad key as 400 at Google.
/// </summary>
internal static class ErrorBody
{
    // Codes and types as the public API references list them; compared without regard to case, underscores and dashes.
    private static readonly Dictionary<string, FailureClass> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["contextlengthexceeded"] = FailureClass.PromptTooLong,
        ["promptistoolong"] = FailureClass.PromptTooLong,
        ["stringabovemaxlength"] = FailureClass.PromptTooLong,
        ["requesttoolarge"] = FailureClass.PromptTooLong,
        ["exceedcontextsizeerror"] = FailureClass.PromptTooLong,
        ["insufficientquota"] = FailureClass.QuotaExhausted,
        ["billinghardlimitreached"] = FailureClass.QuotaExhausted,
        ["billingnotactive"] = FailureClass.QuotaExhausted,
        ["billingerror"] = FailureClass.QuotaExhausted,
        ["exceededcurrentquotaerror"] = FailureClass.QuotaExhausted,
        ["insufficientbalance"] = FailureClass.QuotaExhausted,
        ["servicequotaexceededexception"] = FailureClass.QuotaExhausted,
        ["contentfilter"] = FailureClass.ContentFilter,
        ["contentpolicyviolation"] = FailureClass.ContentFilter,
        ["responsibleaipolicyviolation"] = FailureClass.ContentFilter,
        ["ratelimitexceeded"] = FailureClass.RateLimited,
        ["ratelimiterror"] = FailureClass.RateLimited,
        ["ratelimitreached"] = FailureClass.RateLimited,
        ["toomanyrequests"] = FailureClass.RateLimited,
        ["throttlingexception"] = FailureClass.RateLimited,
        ["resourceexhausted"] = FailureClass.RateLimited,
        ["overloadederror"] = FailureClass.Overloaded,
        ["overloaded"] = FailureClass.Overloaded,
        ["engineoverloaded"] = FailureClass.Overloaded,
        ["serveroverloaded"] = FailureClass.Overloaded,
        ["slowdown"] = FailureClass.Overloaded,
        ["nocapacity"] = FailureClass.Overloaded,
        ["capacityexceeded"] = FailureClass.Overloaded,
        ["unavailable"] = FailureClass.Overloaded,
        ["serviceunavailableexception"] = FailureClass.Overloaded,
        ["invalidapikey"] = FailureClass.Unauthorized,
        ["authenticationerror"] = FailureClass.Unauthorized,
        ["unauthenticated"] = FailureClass.Unauthorized,
        ["unrecognizedclientexception"] = FailureClass.Unauthorized,
        ["permissionerror"] = FailureClass.Forbidden,
        ["permissiondenied"] = FailureClass.Forbidden,
        ["accessdeniedexception"] = FailureClass.Forbidden,
        ["modelnotfound"] = FailureClass.ModelNotFound,
        ["deploymentnotfound"] = FailureClass.ModelNotFound,
        ["notfounderror"] = FailureClass.ModelNotFound,
        ["resourcenotfoundexception"] = FailureClass.ModelNotFound,
        ["unsupportedparameter"] = FailureClass.UnsupportedOption,
        ["unsupportedvalue"] = FailureClass.UnsupportedOption,
        ["timeouterror"] = FailureClass.Timeout,
        ["deadlineexceeded"] = FailureClass.Timeout,
        ["modeltimeoutexception"] = FailureClass.Timeout,
        ["toolusefailed"] = FailureClass.Protocol,
        ["jsonvalidatefailed"] = FailureClass.Protocol,
        ["apierror"] = FailureClass.Transport,
        ["servererror"] = FailureClass.Transport,
        ["internalservererror"] = FailureClass.Transport,
        ["internal"] = FailureClass.Transport,
    };

    // Words for the bodies whose codes say no more than "invalid request"; the first that is found counts.
    private static readonly (string Words, FailureClass Class)[] Messages =
    [
        ("context length", FailureClass.PromptTooLong),
        ("context window", FailureClass.PromptTooLong),
        ("context size", FailureClass.PromptTooLong),
        ("prompt is too long", FailureClass.PromptTooLong),
        ("input is too long", FailureClass.PromptTooLong),
        ("input token count", FailureClass.PromptTooLong),
        ("too many tokens", FailureClass.PromptTooLong),
        ("credit balance", FailureClass.QuotaExhausted),
        ("insufficient balance", FailureClass.QuotaExhausted),
        ("insufficient credits", FailureClass.QuotaExhausted),
        ("requires more credits", FailureClass.QuotaExhausted),
        ("spending limit", FailureClass.QuotaExhausted),
        ("perday", FailureClass.QuotaExhausted),
        ("content management policy", FailureClass.ContentFilter),
        ("content filter", FailureClass.ContentFilter),
        ("content policy", FailureClass.ContentFilter),
        ("safety system", FailureClass.ContentFilter),
        ("api key not valid", FailureClass.Unauthorized),
        ("invalid api key", FailureClass.Unauthorized),
        ("incorrect api key", FailureClass.Unauthorized),
        ("failed to generate", FailureClass.Protocol),
        ("failed generation", FailureClass.Protocol),
        ("does not support tools", FailureClass.UnsupportedOption),
        ("overloaded", FailureClass.Overloaded),
        ("over capacity", FailureClass.Overloaded),
        ("try pulling it first", FailureClass.ModelNotFound),
        ("model does not exist", FailureClass.ModelNotFound),
    ];

    /// <summary>Makes the exception of an error answer.</summary>
    /// <param name="record">The attempt.</param>
    /// <param name="body">The error body, or the error event of a stream.</param>
    /// <param name="headers">The headers of the answer; <see langword="null"/> inside a stream.</param>
    public static ProviderException Fail(AttemptRecord record, ReadOnlySpan<byte> body, HttpResponseHeaders? headers)
    {
        ErrorFacts facts = ErrorFacts.Read(body);
        FailureClass failureClass = Classify(record.StatusCode, facts);
        Failure failure = new(failureClass, RetryHint.Read(failureClass, headers, facts.Text, record.Model.Time));
        string where = record.StatusCode is 0 or 200 ? "reported an error in place of an answer" : $"answered HTTP {record.StatusCode}";
        return record.Fail(failure, facts.Code is { } code ? $"{where} ({code})" : where, facts.Code);
    }

    public static FailureClass Classify(int status, ErrorFacts facts)
    {
        FailureClass? byMessage = ByMessage(facts.Text);

        // Google's RESOURCE_EXHAUSTED is both: only the quota's name tells a day's quota from a minute's.
        if (byMessage is FailureClass.QuotaExhausted or FailureClass.PromptTooLong)
        {
            return byMessage.Value;
        }

        foreach (string code in facts.Codes)
        {
            string key = code.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
            if (Codes.TryGetValue(key, out FailureClass found))
            {
                return found;
            }
        }

        return byMessage ?? ByStatus(status);
    }

    private static FailureClass? ByMessage(string text)
    {
        foreach ((string words, FailureClass failureClass) in Messages)
        {
            if (text.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return failureClass;
            }
        }

        return null;
    }

    private static FailureClass ByStatus(int status) => status switch
    {
        401 => FailureClass.Unauthorized,
        402 => FailureClass.QuotaExhausted,
        403 => FailureClass.Forbidden,
        404 => FailureClass.ModelNotFound,
        408 or 504 => FailureClass.Timeout,
        413 => FailureClass.PromptTooLong,
        425 or 429 => FailureClass.RateLimited,
        // 498 is Groq's "flex tier capacity exceeded", 529 Anthropic's "overloaded".
        498 or 503 or 529 => FailureClass.Overloaded,
        409 or 424 or (>= 500 and <= 599) => FailureClass.Transport,
        >= 400 and <= 499 => FailureClass.BadRequest,
        >= 300 and <= 399 => FailureClass.Protocol,
        _ => FailureClass.Transport,
    };
}
