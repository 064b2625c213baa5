using System.Runtime.CompilerServices;
using NUnit.Framework.Constraints;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class ModelWorkerTests
{
    [Test]
    [CancelAfter(60_000)]
    public void ACancellationBetweenTheFirstLookAndTheQueue_IsNotLost(CancellationToken timeout)
    {
        using Busy busy = new(maxQueue: 8);
        using CancellationTokenSource cancellation = new();
        Task<int>? waiting = null;
        Thread caller = new(() => waiting = busy.Worker.RunAsync(() => 1, cancellation.Token)) { IsBackground = true };
        lock (Gate(busy.Worker))
        {
            caller.Start();

            // It has taken its first look and registered once it waits for the queue.
            while (!caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            {
                timeout.ThrowIfCancellationRequested();
                Thread.Yield();
            }

            cancellation.Cancel();
        }

        caller.Join();
        Assert.That(waiting!.IsCanceled);
        Assert.That(busy.Worker.Waiting, Is.Zero);
    }

    [Test]
    public void ARefusedRequest_LeavesNothingAtItsToken()
    {
        using Busy busy = new(maxQueue: 0);
        using CancellationTokenSource cancellation = new();
        WeakReference refused = Send(busy.Worker, Throws.TypeOf<ModelBusyException>(), cancellation.Token);
        Assert.That(IsGone(refused));
    }

    [Test]
    public void AnAbandonedRequest_LeavesNothingAtItsToken()
    {
        using Busy busy = new(maxQueue: 8);
        using CancellationTokenSource cancellation = new();
        WeakReference abandoned = Send(busy.Worker, Throws.Nothing, cancellation.Token);
        busy.Worker.Stop();
        WeakReference late = Send(busy.Worker, Throws.TypeOf<ObjectDisposedException>(), cancellation.Token);
        Assert.That(IsGone(abandoned));
        Assert.That(IsGone(late));
    }

    [Test]
    public async Task AnAnsweredRequest_LeavesNothingAtItsToken()
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ModelWorker worker = new("m", 1, 8, stopped.SetResult);
        using CancellationTokenSource cancellation = new();
        WeakReference answered = Send(worker, Throws.Nothing, cancellation.Token);
        _ = await worker.RunAsync(() => 1, CancellationToken.None);
        worker.Stop();
        await stopped.Task;
        Assert.That(IsGone(answered));
    }

    // What the work holds lives as long as anything holds the work.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Send(ModelWorker worker, IResolveConstraint outcome, CancellationToken cancellationToken)
    {
        object held = new();
        Assert.That(() => { _ = worker.RunAsync(held.GetHashCode, cancellationToken); }, outcome);
        return new WeakReference(held);
    }

    private static bool IsGone(WeakReference reference)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return !reference.IsAlive;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_gate")]
    private static extern ref object Gate(ModelWorker worker);

    /// <summary>A worker whose only thread is at work until the end of the test.</summary>
    private sealed class Busy : IDisposable
    {
        private readonly ManualResetEventSlim _released = new();

        public Busy(int maxQueue)
        {
            using ManualResetEventSlim started = new();
            Worker = new ModelWorker("m", 1, maxQueue, _released.Dispose);
            _ = Worker.RunAsync(
                () =>
                {
                    started.Set();
                    _released.Wait();
                    return 0;
                },
                CancellationToken.None);
            started.Wait();
        }

        public ModelWorker Worker { get; }

        public void Dispose()
        {
            Worker.Stop();
            _released.Set();
        }
    }
}
