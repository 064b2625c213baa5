using System.Globalization;

namespace Ensemble;

/// <summary>
/// Reads when a rate-limited server wants to be asked again, in every way found in the field. The most exact statement wins:
/// <c>retry-after-ms</c>, <c>Retry-After</c> (seconds or a date), the resets of limits that are used up (<c>x-ratelimit-reset-…</c> of any unit and period,
/// <c>anthropic-ratelimit-…-reset</c>, the IETF's <c>RateLimit</c> in both forms), the text of the body.
/// </summary>
public static partial class RetryAfter
{
    /// <summary>The longest wait that is believed; a server that names a year must not take a deployment out until then.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    // Seconds since 1970 pass this in September 2001; less is a number of seconds to wait.
    private const double FirstUnixTime = 1_000_000_000;

    private static readonly string[] Exact = ["retry-after-ms", "x-ms-retry-after-ms"];

    /// <summary>Reads the wait from the headers and body of a refusal.</summary>
    /// <param name="headers">The headers, by name without regard to case.</param>
    /// <param name="body">The body; <see langword="null"/> when it was not read.</param>
    /// <param name="now">The time at which the answer came, for dates.</param>
    /// <param name="isRateLimit">Whether the refusal is for a limit: then the first limit that is whole again counts although something is left of each, since a large request is refused by a limit that small ones still pass.</param>
    /// <returns>How long to wait, from zero to <see cref="Longest"/>; <see langword="null"/> when the server does not say.</returns>
    public static TimeSpan? Read(IReadOnlyDictionary<string, string> headers, string? body, DateTimeOffset now, bool isRateLimit = false)
    {
        ArgumentNullException.ThrowIfNull(headers);
        foreach (string name in Exact)
        {
            if (headers.TryGetValue(name, out string? text) && Number(text) is { } milliseconds)
            {
                return Believable(milliseconds / 1000);
            }
        }

        if (headers.TryGetValue("retry-after", out string? after) && Wait(after, now) is { } stated)
        {
            return stated;
        }

        (TimeSpan? usedUp, TimeSpan? first) = ReadResets(headers, now);
        return usedUp ?? ReadText(body) ?? (isRateLimit ? first : null);
    }

    /// <summary>Reads a duration as servers write it: <c>20</c> or <c>1.5s</c>, <c>350ms</c>, <c>6m0s</c>, <c>1h2m3s</c>, <c>20 seconds</c>.</summary>
    /// <param name="text">The text; what follows the duration is ignored.</param>
    /// <returns>The duration, from zero to <see cref="Longest"/>; <see langword="null"/> when the text does not start with one.</returns>
    public static TimeSpan? ReadDuration(ReadOnlySpan<char> text)
    {
        double seconds = 0;
        bool any = false;
        text = text.TrimStart();
        while (true)
        {
            int digits = 0;
            while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || (text[digits] == '.' && digits + 1 < text.Length && char.IsAsciiDigit(text[digits + 1]))))
            {
                digits++;
            }

            if (digits == 0 || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            {
                break;
            }

            text = text[digits..].TrimStart();
            int letters = 0;
            while (letters < text.Length && (char.IsAsciiLetter(text[letters]) || text[letters] is 'µ'))
            {
                letters++;
            }

            if (UnitSeconds(text[..letters]) is not { } unit)
            {
                // "20" alone counts seconds; "20 tokens" is no duration.
                return any ? Believable(seconds) : letters == 0 ? Believable(number) : null;
            }

            seconds += number * unit;
            any = true;
            text = text[letters..].TrimStart();
        }

        return any ? Believable(seconds) : null;
    }

    private static TimeSpan? Wait(string text, DateTimeOffset now)
    {
        if (Number(text) is { } number)
        {
            return Believable(
                number < FirstUnixTime ? number
                : number < FirstUnixTime * 1000 ? number - (now.ToUnixTimeMilliseconds() / 1000.0)
                : (number - now.ToUnixTimeMilliseconds()) / 1000);
        }

        // A date may begin like a duration ("2026-…"), a duration never like a date.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date)
            ? Believable((date - now).TotalSeconds)
            : ReadDuration(text);
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number : null;

    private static double? UnitSeconds(ReadOnlySpan<char> unit) => unit switch
    {
        "ms" or "milliseconds" or "millisecond" => 0.001,
        "us" or "µs" => 0.000_001,
        "s" or "sec" or "secs" or "second" or "seconds" => 1,
        "m" or "min" or "mins" or "minute" or "minutes" => 60,
        "h" or "hour" or "hours" => 3600,
        "d" or "day" or "days" => 86_400,
        _ => null,
    };

    // Rounded up to whole ticks, after the noise of binary fractions is rounded away.
    private static TimeSpan Believable(double seconds) =>
        seconds <= 0 ? TimeSpan.Zero : seconds >= Longest.TotalSeconds ? Longest : TimeSpan.FromTicks((long)Math.Ceiling(Math.Round(seconds * TimeSpan.TicksPerSecond, 3)));
}
