using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Ensemble.Sqlite;

/// <content>Adds up usage.</content>
public sealed partial class SqliteLedgerStore
{
    private const int Figures = 7;

    private IReadOnlyList<UsageLine> Usage(SqliteTransaction transaction, UsageQuery query)
    {
        SortedDictionary<string, long[]> groups = new(StringComparer.Ordinal);
        using SqliteDataReader reader = _sql.FindUsage.Read(
            transaction, Quarters.Of(query.From), Quarters.Of(query.To), query.Model is null ? 0 : 1, query.Model ?? "", query.Tenant is null ? 0 : 1, query.Tenant ?? "");
        while (reader.Read())
        {
            string key = query.By switch
            {
                UsageGrouping.Model => reader.GetString(1),
                UsageGrouping.Tenant => reader.GetString(2),
                UsageGrouping.Day => TimeZoneInfo.ConvertTime(Quarters.Start(reader.GetInt64(0)), query.TimeZone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                _ => "",
            };
            if (!groups.TryGetValue(key, out long[]? sums))
            {
                groups.Add(key, sums = new long[Figures]);
            }

            for (int i = 0; i < Figures; i++)
            {
                sums[i] += reader.GetInt64(i + 3);
            }
        }

        return [.. groups.Select(group => Line(group.Key, group.Value))];
    }

    private static UsageLine Line(string key, long[] sums) => new()
    {
        Key = key,
        Calls = sums[0],
        InputTokens = sums[1],
        CachedInputTokens = sums[2],
        OutputTokens = sums[3],
        CostUsd = NanoUsd.ToUsd(sums[4]),
        UnpricedCalls = sums[5],
        EstimatedCalls = sums[6],
    };
}
