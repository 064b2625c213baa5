using CsCheck;

namespace Ensemble.Testing.Tests;

public class VirtualTimeTests
{
    private readonly VirtualTime _time = new();

    [Test]
    public void Run_MovesFromTimerToTimer()
    {
        _time.Run(async () =>
        {
            await Task.Delay(TimeSpan.FromDays(1), _time);
            await Task.WhenAny(Task.Delay(TimeSpan.FromHours(2), _time), Task.Delay(TimeSpan.FromHours(1), _time));
        });

        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.FromHours(25)));
        Assert.That(_time.PendingTimers, Is.EqualTo(1), "the slower delay is still set");
    }

    [Test]
    public void Run_ThrowsWhatTheWorkThrows() =>
        Assert.That(() => _time.Run(async () =>
        {
            await Task.Delay(1000, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(1), _time);
        }), Throws.TypeOf<TimeoutException>());

    [Test]
    public void Advance_StopsAtEachTimerOnTheWay()
    {
        List<TimeSpan> seen = [];
        using ITimer timer = _time.CreateTimer(_ => seen.Add(_time.Elapsed), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(seen, Is.EqualTo(new[] { TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5) }));
        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(6)));
    }

    [Test]
    public void JumpWallClock_MovesNoTimer()
    {
        DateTimeOffset before = _time.GetUtcNow();
        bool fired = false;
        using ITimer timer = _time.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _time.JumpWallClock(TimeSpan.FromHours(-3));
        Assert.That(fired, Is.False);
        Assert.That(_time.GetUtcNow(), Is.EqualTo(before.AddHours(-3)));
        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Timers_FireInTheOrderOfTheirTimes() =>
        Gen.Int[0, 1000].Array[1, 30].Sample(delays =>
        {
            VirtualTime time = new();
            List<(int Delay, int Index)> fired = [];
            ITimer[] timers = [.. delays.Select((delay, index) => time.CreateTimer(
                _ => fired.Add((delay, index)), null, TimeSpan.FromMilliseconds(delay), Timeout.InfiniteTimeSpan))];
            while (time.AdvanceToNextTimer())
            {
            }

            return timers.Length == fired.Count && fired.SequenceEqual(fired.OrderBy(one => one.Delay).ThenBy(one => one.Index));
        });

    [Test]
    public void ADisposedOrChangedTimer_DoesNotFireAtItsOldTime()
    {
        int fired = 0;
        ITimer gone = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        using ITimer moved = _time.CreateTimer(_ => fired += 10, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        gone.Dispose();
        moved.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.That(fired, Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(fired, Is.EqualTo(10));
    }
}
