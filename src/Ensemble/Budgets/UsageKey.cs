namespace Ensemble;

/// <summary>
/// The finest grain in which usage is kept. Time counts in quarters of an hour since 1970 in UTC: the offsets of all time zones are whole
/// quarters, so days are exact in each.
/// </summary>
internal readonly record struct UsageKey(long Quarter, string Model, string Tenant)
{
    private const long SecondsPerQuarter = 900;
    private static readonly long QuartersTo1970 = DateTimeOffset.UnixEpoch.UtcTicks / (SecondsPerQuarter * TimeSpan.TicksPerSecond);

    // Its strings are hashed where it is made, and not under the lock of whoever looks it up.
    private readonly int _hash = HashCode.Combine(Quarter, Model, Tenant);

    // The time of day is counted from year 1, so integer division rounds down also before 1970.
    public static long QuarterOf(DateTimeOffset time) => (time.UtcTicks / (SecondsPerQuarter * TimeSpan.TicksPerSecond)) - QuartersTo1970;

    public static DateTimeOffset StartOf(long quarter) => DateTimeOffset.FromUnixTimeSeconds(quarter * SecondsPerQuarter);

    public override int GetHashCode() => _hash;
}
