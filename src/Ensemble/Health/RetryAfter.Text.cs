namespace Ensemble;

public static partial class RetryAfter
{
    private static readonly string[] Phrases = ["try again in", "try again after", "retry after", "retry in", "\"retryDelay\"", "available in", "please wait", "wait for", "wait"];

    // What may stand between the phrase and the time.
    private static readonly string[] Fillers = ["at least", "approximately", "around", "about", "another", "for"];

    /// <summary>Reads the wait from what a server says in words.</summary>
    internal static TimeSpan? ReadText(string? body)
    {
        if (body is null)
        {
            return null;
        }

        foreach (string phrase in Phrases)
        {
            for (int at = body.IndexOf(phrase, StringComparison.OrdinalIgnoreCase); at >= 0; at = body.IndexOf(phrase, at + 1, StringComparison.OrdinalIgnoreCase))
            {
                ReadOnlySpan<char> rest = SkipFillers(body.AsSpan(at + phrase.Length));
                if (!StartsWithDate(rest) && ReadDuration(rest) is { } wait)
                {
                    return wait;
                }
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> SkipFillers(ReadOnlySpan<char> text)
    {
        text = text.TrimStart(" \t\"':~=");
        foreach (string filler in Fillers)
        {
            if (text.StartsWith(filler, StringComparison.OrdinalIgnoreCase))
            {
                return SkipFillers(text[filler.Length..]);
            }
        }

        return text;
    }

    // A year is no number of seconds.
    private static bool StartsWithDate(ReadOnlySpan<char> text) => text.Length > 4 && text[4] == '-' && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[3]);
}
