namespace Ensemble.Testing;

/// <content>Runs work to its end, moving the clock whenever everybody waits.</content>
public sealed partial class VirtualTime
{
    // Real milliseconds; long enough for the slowest build machine, and reached only by a test that has failed.
    private const long StandstillAfter = 30_000;

    /// <summary>Runs work to its end; whenever it waits for a timer the clock moves there.</summary>
    /// <param name="work">The work.</param>
    /// <exception cref="InvalidOperationException">The work waits for something that no timer will bring.</exception>
    public void Run(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Task task = Task.CompletedTask;
        Inline(() => task = work());
        Finish(task);
        task.GetAwaiter().GetResult();
    }

    /// <summary>Runs work to its end; whenever it waits for a timer the clock moves there.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="work">The work.</param>
    /// <returns>The result of the work.</returns>
    /// <exception cref="InvalidOperationException">The work waits for something that no timer will bring.</exception>
    public T Run<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Task<T>? task = null;
        Inline(() => task = work());
        Finish(task!);
        return task!.GetAwaiter().GetResult();
    }

    private void Finish(Task task)
    {
        SpinWait spin = default;
        long? since = null;
        while (!task.IsCompleted)
        {
            if (AdvanceToNextTimer())
            {
                since = null;
                continue;
            }

            // Nothing is timed: work that left this thread gets its chance before the wait is called endless.
            since ??= Environment.TickCount64;
            if (Environment.TickCount64 - since > StandstillAfter)
            {
                throw new InvalidOperationException("The work has not ended, and no timer is set that could wake it: it waits for something that never comes.");
            }

            spin.SpinOnce();
        }
    }
}
