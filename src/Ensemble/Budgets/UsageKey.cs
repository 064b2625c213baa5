namespace Ensemble;

/// <summary>
/// The finest grain in which usage is kept. Time counts in quarters of an hour since 1970 in UTC: the offsets of all time zones are whole
/// quarters, so days are exact in each.
/// </summary>
internal readonly record struct UsageKey(long Quarter, string Model, string Tenant)
{
    private const long SecondsPerQuarter = 900;

    public static long QuarterOf(DateTimeOffset time) => (long)Math.Floor((decimal)time.ToUnixTimeSeconds() / SecondsPerQuarter);

    public static DateTimeOffset StartOf(long quarter) => DateTimeOffset.FromUnixTimeSeconds(quarter * SecondsPerQuarter);
}
