using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>A member that does what a test says, and remembers what it was asked.</summary>
internal sealed class FakeClient : IChatClient
{
    private readonly Func<FakeCall, IAsyncEnumerable<ChatResponseUpdate>> _script;
    private readonly Dictionary<Type, object> _services = [];
    private int _openStreams;

    public FakeClient(Func<FakeCall, IAsyncEnumerable<ChatResponseUpdate>> script) => _script = script;

    public List<FakeCall> Calls { get; } = [];

    public int OpenStreams => Volatile.Read(ref _openStreams);

    public int Disposals { get; private set; }

    public static FakeClient Says(string text, UsageDetails? usage = null) => new(_ => Pieces(usage, [text]));

    public static FakeClient SaysPieces(params string[] pieces) => new(_ => Pieces(null, pieces));

    public static FakeClient Throws(Func<Exception> error) => new(_ => Fail(error()));

    public static FakeClient Throws(Exception error) => Throws(() => error);

    /// <summary>Answers with its updates and then throws.</summary>
    public static FakeClient SaysThenThrows(string text, Exception error) => new(_ => Pieces(null, [text], finish: null).Concat(Fail(error)));

    /// <summary>Answers exactly with these updates.</summary>
    public static FakeClient Sends(params ChatResponseUpdate[] updates) => new(_ => updates.ToAsyncEnumerable());

    /// <summary>Waits until its token is cancelled.</summary>
    public static FakeClient Hangs(TaskCompletionSource? entered = null) => new(call => Hang(call, entered));

    /// <summary>Answers once the task is done.</summary>
    public static FakeClient SaysAfter(Task gate, string text) => new(call => After(call, gate, text));

    public FakeClient With<T>(T service)
        where T : class
    {
        _services[typeof(T)] = service;
        return this;
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            updates.Add(update);
        }

        return updates.ToChatResponse();
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        FakeCall call = new([.. messages], options, cancellationToken);
        lock (Calls)
        {
            Calls.Add(call);
        }

        Interlocked.Increment(ref _openStreams);
        try
        {
            await foreach (ChatResponseUpdate update in _script(call).WithCancellation(cancellationToken))
            {
                yield return update;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _openStreams);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        _services.TryGetValue(serviceType, out object? service) ? service : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => Disposals++;

    public static async IAsyncEnumerable<ChatResponseUpdate> Pieces(UsageDetails? usage, string[] pieces, string? finish = "stop")
    {
        await Task.CompletedTask;
        yield return new ChatResponseUpdate(ChatRole.Assistant, "");
        foreach (string piece in pieces)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, piece);
        }

        if (usage is not null)
        {
            yield return new ChatResponseUpdate { Contents = [new UsageContent(usage)] };
        }

        if (finish is not null)
        {
            yield return new ChatResponseUpdate { Role = ChatRole.Assistant, FinishReason = new ChatFinishReason(finish) };
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Fail(Exception error)
    {
        await Task.CompletedTask;
        if (error is not null)
        {
            throw error;
        }

        yield break;
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Hang(FakeCall call, TaskCompletionSource? entered)
    {
        entered?.TrySetResult();
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
        yield break;
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> After(FakeCall call, Task gate, string text)
    {
        await gate.WaitAsync(call.CancellationToken);
        yield return new ChatResponseUpdate(ChatRole.Assistant, text) { FinishReason = ChatFinishReason.Stop };
    }
}

/// <summary>What a fake member was asked.</summary>
internal sealed record FakeCall(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options, CancellationToken CancellationToken);
