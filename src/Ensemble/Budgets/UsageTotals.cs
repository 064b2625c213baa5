using System.Globalization;

namespace Ensemble;

/// <summary>Adds up usage.</summary>
internal record struct UsageTotals(long Calls, long InputTokens, long CachedInputTokens, long OutputTokens, long CostNanoUsd, long UnpricedCalls, long EstimatedCalls)
{
    public static UsageTotals Of(LedgerSettlement settlement) =>
        Of(settlement.NanoUsd, settlement.InputTokens, settlement.OutputTokens, settlement.CachedInputTokens, settlement.Source);

    /// <summary>The usage of one call.</summary>
    public static UsageTotals Of(long? nanoUsd, long inputTokens, long outputTokens, long cachedInputTokens, UsageSource source) =>
        new(1, inputTokens, cachedInputTokens, outputTokens, nanoUsd ?? 0, nanoUsd is null ? 1 : 0, source is UsageSource.Reported ? 0 : 1);

    /// <summary>A booking that nobody settled: one call that may have cost all of its reserve.</summary>
    public static UsageTotals OfExpired(LedgerReservation reservation) => new(1, 0, 0, 0, reservation.NanoUsd, 0, 1);

    public static UsageTotals operator -(UsageTotals left, UsageTotals right) => left + new UsageTotals(
        -right.Calls, -right.InputTokens, -right.CachedInputTokens, -right.OutputTokens, -right.CostNanoUsd, -right.UnpricedCalls, -right.EstimatedCalls);

    public static UsageTotals operator +(UsageTotals left, UsageTotals right) => new(
        left.Calls + right.Calls,
        left.InputTokens + right.InputTokens,
        left.CachedInputTokens + right.CachedInputTokens,
        left.OutputTokens + right.OutputTokens,
        NanoUsd.Add(left.CostNanoUsd, right.CostNanoUsd),
        left.UnpricedCalls + right.UnpricedCalls,
        left.EstimatedCalls + right.EstimatedCalls);

    /// <summary>Groups fine lines into the lines of a report.</summary>
    public static IReadOnlyList<UsageLine> Report(IEnumerable<KeyValuePair<UsageKey, UsageTotals>> lines, UsageQuery query)
    {
        long from = UsageKey.QuarterOf(query.From);
        long to = UsageKey.QuarterOf(query.To);
        SortedDictionary<string, UsageTotals> groups = new(StringComparer.Ordinal);
        foreach ((UsageKey key, UsageTotals totals) in lines)
        {
            if (totals.Calls != 0 && key.Quarter >= from && key.Quarter < to
                && (query.Model is null || query.Model == key.Model)
                && (query.Tenant is null || query.Tenant == key.Tenant))
            {
                string group = query.By switch
                {
                    UsageGrouping.Model => key.Model,
                    UsageGrouping.Tenant => key.Tenant,
                    UsageGrouping.Day => TimeZoneInfo.ConvertTime(UsageKey.StartOf(key.Quarter), query.TimeZone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                    _ => "",
                };
                groups[group] = groups.GetValueOrDefault(group) + totals;
            }
        }

        return [.. groups.Select(group => group.Value.ToLine(group.Key))];
    }

    private readonly UsageLine ToLine(string key) => new()
    {
        Key = key,
        Calls = Calls,
        InputTokens = InputTokens,
        CachedInputTokens = CachedInputTokens,
        OutputTokens = OutputTokens,
        CostUsd = NanoUsd.ToUsd(CostNanoUsd),
        UnpricedCalls = UnpricedCalls,
        EstimatedCalls = EstimatedCalls,
    };
}
