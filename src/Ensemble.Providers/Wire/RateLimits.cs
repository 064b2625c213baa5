using System.Net.Http.Headers;

namespace Ensemble;

/// <summary>Reads the headers that the SDKs drop: request id and rate limits.</summary>
internal static class RateLimits
{
    // OpenAI and its kin say x-ratelimit-*, Anthropic anthropic-ratelimit-*, Azure both the former and x-ms-ratelimit-*; the IETF draft ratelimit-*.
    private static readonly string[] Prefixes = ["x-ratelimit-", "anthropic-ratelimit-", "x-ms-ratelimit-", "ratelimit"];

    private static readonly string[] RequestIdNames = ["x-request-id", "request-id", "apim-request-id", "x-amzn-requestid"];

    public static void Read(HttpResponseHeaders headers, AttemptRecord record)
    {
        Dictionary<string, string>? limits = null;
        string? id = null;
        int rank = RequestIdNames.Length;
        foreach (KeyValuePair<string, HeaderStringValues> header in headers.NonValidated)
        {
            string name = header.Key;

            // Nearly every other header begins with another letter.
            if ((name[0] | 0x20) is not ('x' or 'a' or 'r'))
            {
                continue;
            }

            if (IsLimit(name))
            {
                (limits ??= new(StringComparer.OrdinalIgnoreCase))[name] = header.Value.ToString();
            }
            else if (RankOf(name) is var own && own < rank)
            {
                (id, rank) = (header.Value.ToString(), own);
            }
        }

        if (id is not null)
        {
            record.RequestId = record.Model.Credential.Redact(id);
        }

        if (limits is not null)
        {
            record.RateLimits = limits;
        }
    }

    private static bool IsLimit(string name)
    {
        foreach (string prefix in Prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static int RankOf(string name)
    {
        int rank = 0;
        while (rank < RequestIdNames.Length && !name.Equals(RequestIdNames[rank], StringComparison.OrdinalIgnoreCase))
        {
            rank++;
        }

        return rank;
    }
}
