namespace Ensemble.Onnx;

/// <summary>Runs the requests of one model on threads of its own, in the order of their arrival; no caller's thread computes.</summary>
internal sealed class ModelWorker
{
    private readonly string _modelName;
    private readonly int _maxThreads;
    private readonly int _maxQueue;
    private readonly Action _stopped;
    private readonly object _gate = new();
    private readonly LinkedList<Job> _waiting = [];
    private int _threads;
    private int _idleThreads;
    private bool _isStopping;

    /// <summary>Creates a worker without a thread; threads start with the first requests.</summary>
    /// <param name="modelName">The model's name, for errors.</param>
    /// <param name="maxThreads">How many requests run at the same time.</param>
    /// <param name="maxQueue">How many may wait.</param>
    /// <param name="stopped">What the last thread does after <see cref="Stop"/>.</param>
    internal ModelWorker(string modelName, int maxThreads, int maxQueue, Action stopped)
    {
        _modelName = modelName;
        _maxThreads = maxThreads;
        _maxQueue = maxQueue;
        _stopped = stopped;
    }

    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Queues work; a wait that is cancelled ends at once, and running work ends when it next looks at its token.</summary>
    internal Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        Job<T> job = new(work, cancellationToken);
        job.Register(this);
        lock (_gate)
        {
            if (_isStopping)
            {
                job.Unregister();
                throw new ObjectDisposedException(nameof(LocalChatClient));
            }

            if (_waiting.Count >= _maxQueue && _idleThreads <= _waiting.Count && _threads >= _maxThreads)
            {
                job.Unregister();
                throw new ModelBusyException($"'{_modelName}' is busy and {_waiting.Count} requests wait already: ask later, or raise MaxQueue ({_maxQueue}).");
            }

            job.Node = _waiting.AddLast(job);
            if (_idleThreads < _waiting.Count && _threads < _maxThreads)
            {
                _threads++;
                new Thread(Loop) { IsBackground = true, Name = $"Ensemble {_modelName}" }.Start();
            }

            Monitor.Pulse(_gate);
        }

        // A cancellation between the first look and the queue found no place to leave.
        if (cancellationToken.IsCancellationRequested)
        {
            CancelWaiting(job);
        }

        return job.Task;
    }

    /// <summary>Refuses further work, cancels what waits, and lets the last thread run the final action.</summary>
    internal void Stop()
    {
        Job[] abandoned;
        bool isIdle;
        lock (_gate)
        {
            _isStopping = true;
            abandoned = [.. _waiting];
            _waiting.Clear();
            isIdle = _threads == 0;
            Monitor.PulseAll(_gate);
        }

        foreach (Job job in abandoned)
        {
            job.Unregister();
            job.Abandon();
        }

        if (isIdle)
        {
            _stopped();
        }
    }

    private void Loop()
    {
        while (Next() is { } job)
        {
            job.Run();
        }

        bool isLast;
        lock (_gate)
        {
            isLast = --_threads == 0;
        }

        if (isLast)
        {
            _stopped();
        }
    }

    private Job? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isStopping)
            {
                _idleThreads++;
                Monitor.Wait(_gate);
                _idleThreads--;
            }

            if (_waiting.First is not { } first)
            {
                return null;
            }

            _waiting.RemoveFirst();
            return first.Value;
        }
    }

    private void CancelWaiting(Job job)
    {
        lock (_gate)
        {
            if (job.Node?.List != _waiting)
            {
                return;
            }

            _waiting.Remove(job.Node);
        }

        job.CancelWaiting();
    }

    private abstract class Job(CancellationToken cancellationToken)
    {
        private CancellationTokenRegistration _registration;

        internal LinkedListNode<Job>? Node { get; set; }

        protected CancellationToken CancellationToken { get; } = cancellationToken;

        internal void Register(ModelWorker worker) =>
            _registration = CancellationToken.UnsafeRegister(static state => ((ValueTuple<ModelWorker, Job>)state!).Item1.CancelWaiting(((ValueTuple<ModelWorker, Job>)state!).Item2), (worker, this));

        internal void Run()
        {
            Execute();
            Unregister();
        }

        internal void Unregister() => _registration.Dispose();

        internal abstract void CancelWaiting();

        internal abstract void Abandon();

        protected abstract void Execute();
    }

    private sealed class Job<T>(Func<T> work, CancellationToken cancellationToken) : Job(cancellationToken)
    {
        // Callers continue on the thread pool, never on the model's thread.
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<T> Task => _completion.Task;

        internal override void CancelWaiting() => _completion.TrySetCanceled(CancellationToken);

        internal override void Abandon() => _completion.TrySetException(new ObjectDisposedException(nameof(LocalChatClient)));

        protected override void Execute()
        {
            try
            {
                CancellationToken.ThrowIfCancellationRequested();
                _completion.TrySetResult(work());
            }
            catch (OperationCanceledException) when (CancellationToken.IsCancellationRequested)
            {
                _completion.TrySetCanceled(CancellationToken);
            }
#pragma warning disable CA1031 // every error belongs to the request that caused it; the model's thread goes on to the next
            catch (Exception error)
#pragma warning restore CA1031
            {
                _completion.TrySetException(error);
            }
        }
    }
}
