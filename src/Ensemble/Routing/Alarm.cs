namespace Ensemble;

/// <summary>A time that can be waited for beside something else, and given up without an exception that nobody wants.</summary>
internal sealed class Alarm : IDisposable
{
    private readonly TaskCompletionSource _rung = new();
    private readonly ITimer _timer;

    public Alarm(TimeSpan delay, TimeProvider time) =>
        _timer = time.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), _rung, delay, Timeout.InfiniteTimeSpan);

    public Task Rung => _rung.Task;

    public void Dispose() => _timer.Dispose();
}
