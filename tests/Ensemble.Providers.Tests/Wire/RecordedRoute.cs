using System.Collections.Concurrent;

namespace Ensemble.Providers.Tests;

/// <summary>A path of the server: the answers it plays in turn, and the requests it has received.</summary>
internal sealed class RecordedRoute(Uri address, IReadOnlyList<Play> plays)
{
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    public Task FirstRequest => _first.Task;

    public Uri Address => address;

    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    public Play Next(RecordedRequest request)
    {
        _requests.Enqueue(request);
        _first.TrySetResult();
        return plays[Math.Min(Interlocked.Increment(ref _next), plays.Count) - 1];
    }
}
