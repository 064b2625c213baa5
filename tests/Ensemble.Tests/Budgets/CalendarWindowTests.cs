using CsCheck;

namespace Ensemble.Tests;

public class CalendarWindowTests
{
    // Clocks jump from midnight to 1:00 on the second Sunday of October and back at midnight on the third Sunday of February.
    private static readonly TimeZoneInfo MidnightJumper = TimeZoneInfo.CreateCustomTimeZone("Jump", TimeSpan.FromHours(-3), "Jump", "Jump", "Jump summer",
    [
        TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(new DateTime(2000, 1, 1), new DateTime(2099, 12, 31), TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 0, 0, 0), 10, 2, DayOfWeek.Sunday),
            TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 0, 0, 0), 2, 3, DayOfWeek.Sunday)),
    ]);

    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo", "jump"];

    [Test]
    public void AMidnightThatClocksJumpOver_StartsTheDayAtItsFirstMinute()
    {
        DateTimeOffset evening = new(2026, 10, 10, 22, 0, 0, TimeSpan.FromHours(-3));
        Assert.That(CalendarWindow.NextStart(BudgetPeriod.Day, MidnightJumper, evening), Is.EqualTo(new DateTimeOffset(2026, 10, 11, 1, 0, 0, TimeSpan.FromHours(-2))));
    }

    [Test]
    public void AMonthThatBeganWithNewTime_StartsAtItsFirstMinute()
    {
        // Nepal went from +05:30 to +05:45 at the midnight that began 1986; found by the law below.
        DateTimeOffset before = DateTimeOffset.FromUnixTimeSeconds(504247667);
        Assert.That(CalendarWindow.NextStart(BudgetPeriod.Month, TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu"), before),
            Is.EqualTo(new DateTimeOffset(1985, 12, 31, 18, 30, 0, TimeSpan.Zero)));
    }

    [TestCase("2026-11-30T23:59:59Z", BudgetPeriod.Month, 202611)]
    [TestCase("2026-12-01T00:00:00Z", BudgetPeriod.Month, 202612)]
    [TestCase("2026-12-01T00:00:00Z", BudgetPeriod.Day, 20261201)]
    [TestCase("2026-12-01T00:00:00Z", BudgetPeriod.Ever, 0)]
    public void AMoment_FallsIntoTheWindowOfItsDate(string time, BudgetPeriod period, int window) =>
        Assert.That(CalendarWindow.Of(period, TimeZoneInfo.Utc, DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(window));

    [Test]
    public void TheNextWindow_StartsExactlyWhereThisOneEnds([Values(BudgetPeriod.Day, BudgetPeriod.Month)] BudgetPeriod period) =>
        Gen.Select(Gen.Long[0, 3_000_000_000], Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]))
            .Sample((seconds, id) =>
            {
                TimeZoneInfo zone = id == "jump" ? MidnightJumper : TimeZoneInfo.FindSystemTimeZoneById(id);
                DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(seconds);
                int window = CalendarWindow.Of(period, zone, now);
                DateTimeOffset next = CalendarWindow.NextStart(period, zone, now)!.Value;
                return next > now
                    && CalendarWindow.Of(period, zone, next) > window
                    && CalendarWindow.Of(period, zone, next.AddSeconds(-1)) is var last
                    && (last == window || zone.GetUtcOffset(next.AddSeconds(-1)) != zone.GetUtcOffset(next));
            }, iter: 2000);
}
