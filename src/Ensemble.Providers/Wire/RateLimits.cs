using System.Net.Http.Headers;

namespace Ensemble;

/// <summary>Reads the headers that the SDKs drop: request id and rate limits.</summary>
internal static class RateLimits
{
    // OpenAI and its kin say x-ratelimit-*, Anthropic anthropic-ratelimit-*, Azure both the former and x-ms-ratelimit-*; the IETF draft ratelimit-*.
    private static readonly string[] Prefixes = ["x-ratelimit-", "anthropic-ratelimit-", "x-ms-ratelimit-", "ratelimit"];

    private static readonly string[] RequestIdNames = ["x-request-id", "request-id", "apim-request-id", "x-amzn-requestid"];

    public static string? RequestId(HttpResponseHeaders headers)
    {
        foreach (string name in RequestIdNames)
        {
            if (headers.NonValidated.TryGetValues(name, out HeaderStringValues values))
            {
                return values.ToString();
            }
        }

        return null;
    }

    public static IReadOnlyDictionary<string, string> Read(HttpResponseHeaders headers)
    {
        Dictionary<string, string>? found = null;
        foreach (KeyValuePair<string, HeaderStringValues> header in headers.NonValidated)
        {
            foreach (string prefix in Prefixes)
            {
                if (header.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                {
                    (found ??= new(StringComparer.OrdinalIgnoreCase))[header.Key] = header.Value.ToString();
                    break;
                }
            }
        }

        return found ?? (IReadOnlyDictionary<string, string>)System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty;
    }
}
