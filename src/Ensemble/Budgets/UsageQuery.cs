namespace Ensemble;

/// <summary>What a usage report covers.</summary>
public sealed class UsageQuery
{
    /// <summary>Gets the first moment that counts, to the quarter of an hour.</summary>
    /// <value>The default value is the beginning of time.</value>
    public DateTimeOffset From { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Gets the first moment that no longer counts, to the quarter of an hour.</summary>
    /// <value>The default value is the end of time.</value>
    public DateTimeOffset To { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Gets by what to group.</summary>
    public UsageGrouping By { get; init; }

    /// <summary>Gets the time zone whose days count.</summary>
    /// <value>The default value is UTC.</value>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Gets the only model that counts; <see langword="null"/> for all.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the only tenant that counts; <see langword="null"/> for all, empty for usage without a tenant.</summary>
    public string? Tenant { get; init; }
}
