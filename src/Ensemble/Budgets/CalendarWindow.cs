namespace Ensemble;

/// <summary>
/// Windows of the calendar. A window is named by its local date, never measured in hours, so that days of 23 or 25 hours, and midnights
/// that a change of clocks skips, need no special case.
/// </summary>
internal static class CalendarWindow
{
    /// <summary>Returns the window that a moment falls into: 0, <c>yyyymmdd</c>, or <c>yyyymm</c>.</summary>
    public static int Of(BudgetPeriod period, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (period is BudgetPeriod.Ever)
        {
            return 0;
        }

        DateTime local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        return period is BudgetPeriod.Day ? (local.Year * 10_000) + (local.Month * 100) + local.Day : (local.Year * 100) + local.Month;
    }

    /// <summary>Returns the first moment of the next window; <see langword="null"/> when the period never ends.</summary>
    public static DateTimeOffset? NextStart(BudgetPeriod period, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (period is BudgetPeriod.Ever)
        {
            return null;
        }

        DateTime today = TimeZoneInfo.ConvertTime(now, zone).Date;
        DateTime next = period is BudgetPeriod.Day ? today.AddDays(1) : new DateTime(today.Year, today.Month, 1).AddMonths(1);

        // The local midnight may not exist, or exist twice, and the zone's rules do not always say so where two of them meet. The moments
        // themselves are certain: the first one that falls into another window lies within a day of that midnight in any zone.
        int window = Of(period, zone, now);
        long before = new DateTimeOffset(next, TimeSpan.Zero).ToUnixTimeSeconds() - (24 * 60 * 60);
        long after = before + (2 * 24 * 60 * 60);
        while (after - before > 1)
        {
            long middle = before + ((after - before) / 2);
            if (Of(period, zone, DateTimeOffset.FromUnixTimeSeconds(middle)) > window)
            {
                after = middle;
            }
            else
            {
                before = middle;
            }
        }

        return DateTimeOffset.FromUnixTimeSeconds(after);
    }
}
