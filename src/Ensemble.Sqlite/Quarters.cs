namespace Ensemble.Sqlite;

/// <summary>Quarters of an hour since 1970 in UTC: the offsets of all time zones are whole quarters, so days are exact in each.</summary>
internal static class Quarters
{
    private const long Seconds = 900;

    public static long Of(DateTimeOffset time) => (long)Math.Floor((decimal)time.ToUnixTimeSeconds() / Seconds);

    public static DateTimeOffset Start(long quarter) => DateTimeOffset.FromUnixTimeSeconds(quarter * Seconds);
}
