using System.Runtime.CompilerServices;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>Members that do what no client should: they throw when they are told to stop, or give nothing at all.</summary>
public class UnrulyMemberTests
{
    private static readonly Price Price = new() { InputPerMillion = 1m, OutputPerMillion = 10m };

    [Test]
    public void ThrowingWhenToldToStop_IsTheMembersOwnAffair([Values] bool streaming)
    {
        // The first hangs and throws at its timeout; the second answers.
        Scene scene = new(new Unruly(throws: true), new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(1) });
        Assert.That(scene.Ask(streaming), ReceiptIs.AnsweredBy("good"));
        scene.AssertSettled();
    }

    [Test]
    public void CallersCancel_ThrowsNothingThatAMemberThrows([Values] bool streaming)
    {
        Scene scene = new(new Unruly(throws: true), new RouterOptions());
        using CancellationTokenSource caller = new();
        Task<ChatResponse> answer = scene.Router.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 10 }, cancellationToken: caller.Token);
        Assert.That(caller.Cancel, Throws.Nothing);
        Assert.That(() => scene.Time.Run(() => answer), Throws.InstanceOf<OperationCanceledException>());
        scene.AssertSettled();
    }

    [Test]
    public void NoTaskOrNoResponse_IsAFailure_AndTheNextAnswers([Values] bool paid, [Values] bool task)
    {
        Scene scene = new(new Unruly(throws: false, givesTask: task), new RouterOptions(), paid);
        Assert.That(scene.Ask(streaming: false), ReceiptIs.AnsweredBy("good"));
        scene.AssertSettled();
    }

    private sealed class Scene
    {
        private readonly MemoryLedgerStore _store = new();

        public Scene(IChatClient unruly, RouterOptions options, bool paid = true)
        {
            EnsembleRuntime runtime = new() { TimeProvider = Time, Ledger = new Ledger(_store, [new Budget("all", 1m)], Time) };
            IChatClient good = new ScriptedMember("good", Time).Always(AnswerScript.Text("fine"));
            Router = new RouterChatClient("main", [new Member("unruly", paid ? unruly.AsModel("unruly", Price, runtime) : unruly), new Member("good", good.AsModel("good", Price, runtime))], options, runtime);
        }

        public VirtualTime Time { get; } = new();

        public RouterChatClient Router { get; }

        public ChatResponse Ask(bool streaming) => Time.Run(() => Router.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 10 }));

        public void AssertSettled() => Assert.That(_store.GetBalanceAsync(new LedgerAccount("all", "", 0, 0), default).AsTask().Result, LedgerIs.Settled);
    }

    private sealed class Unruly(bool throws, bool givesTask = true) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throws ? HangAsync(cancellationToken) : givesTask ? Task.FromResult<ChatResponse>(null!) : null!;

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            _ = await HangAsync(cancellationToken);
            yield break;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private static async Task<ChatResponse> HangAsync(CancellationToken cancellationToken)
        {
            _ = cancellationToken.Register(static () => throw new InvalidOperationException("Not now."));
            TaskCompletionSource<ChatResponse> never = new();
            _ = cancellationToken.Register(() => never.TrySetCanceled(cancellationToken));
            return await never.Task;
        }
    }
}
