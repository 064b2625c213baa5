namespace Ensemble;

public static partial class RetryAfter
{
    private const string Anthropic = "anthropic-ratelimit-";

    // Either name of the header that says when a limit is whole again; the other half names which limit.
    private static readonly string[] Prefixes = ["x-ratelimit-reset", "ratelimit-reset"];

    // The longest wait of the limits that are used up, and the shortest of those that still have something left.
    private static (TimeSpan? UsedUp, TimeSpan? First) ReadResets(IReadOnlyDictionary<string, string> headers, DateTimeOffset now)
    {
        TimeSpan? usedUp = null;
        TimeSpan? first = null;
        foreach ((string name, string text) in headers)
        {
            if (name.Equals("ratelimit", StringComparison.OrdinalIgnoreCase))
            {
                ReadPolicies(text, ref usedUp, ref first);
            }
            else if (LeftOf(name) is { } remaining && Wait(text, now) is { } wait)
            {
                // A limit that still has something left is not the one that refused.
                Take(wait, !headers.TryGetValue(remaining, out string? left) || Number(left) is null or <= 0, ref usedUp, ref first);
            }
        }

        return (usedUp, first);
    }

    // The header that says what is left of the limit whose reset this is.
    private static string? LeftOf(string reset)
    {
        foreach (string prefix in Prefixes)
        {
            if (reset.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (reset.Length == prefix.Length || reset[prefix.Length] == '-'))
            {
                return string.Concat(prefix.AsSpan(0, prefix.Length - "reset".Length), "remaining", reset.AsSpan(prefix.Length));
            }
        }

        return reset.StartsWith(Anthropic, StringComparison.OrdinalIgnoreCase) && reset.EndsWith("-reset", StringComparison.OrdinalIgnoreCase)
            ? string.Concat(reset.AsSpan(0, reset.Length - "reset".Length), "remaining")
            : null;
    }

    // "limit=10, remaining=0, reset=7" of the IETF's early drafts, "\"default\";r=0;t=7" of the later ones, where commas part the policies.
    private static void ReadPolicies(string text, ref TimeSpan? usedUp, ref TimeSpan? first)
    {
        double? left = null;
        double? reset = null;
        foreach (string policy in text.Split(','))
        {
            foreach (string part in policy.Split(';'))
            {
                string[] pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
                double? number = pair.Length == 2 ? Number(pair[1]) : null;
                switch (pair[0].ToLowerInvariant())
                {
                    case "remaining" or "r":
                        left = number;
                        break;
                    case "reset" or "t":
                        reset = number;
                        break;
                }
            }

            if (reset is { } seconds)
            {
                Take(Believable(seconds), left is null or <= 0, ref usedUp, ref first);
                (left, reset) = (null, null);
            }
        }
    }

    private static void Take(TimeSpan wait, bool isUsedUp, ref TimeSpan? usedUp, ref TimeSpan? first)
    {
        if (isUsedUp)
        {
            usedUp = usedUp > wait ? usedUp : wait;
        }
        else
        {
            first = first < wait ? first : wait;
        }
    }
}
