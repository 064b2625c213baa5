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

    [Test]
    public void MemberThatKeepsTheThreadBeyondTheGrace_HoldsNobodyForEver([Values] bool streaming)
    {
        // A token that is fetched with blocking calls, for instance, before there is anything to wait for.
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
        using ScriptedMember good = new ScriptedMember("good").Always(AnswerScript.Text("fine"));
        Unruly blocking = new(throws: false, isDeaf: true)
        {
            Before = () =>
            {
                time.Advance(TimeSpan.FromSeconds(5));
                time.Advance(AttemptStop.Grace);
            },
        };
        RouterChatClient router = new("main", [new Member("blocking", blocking), new Member("good", good)], new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(5) }, new EnsembleRuntime { TimeProvider = time });
        Task<ChatResponse> answer = router.AskAsync(streaming);
        Assert.That(answer.IsCompletedSuccessfully, Is.True, "nothing is left to wait for");
        Assert.That(answer.Result, ReceiptIs.AnsweredBy("good"));
    }

    [Test]
    public void MemberThatIgnoresItsToken_HasItsBoundOnTheReceipt([Values] bool streaming, [Values] bool routed)
    {
        Scene scene = new(new Unruly(throws: false, isDeaf: true), new RouterOptions(), members: 1);
        ChatOptions options = new ChatOptions { MaxOutputTokens = 1000 }.WithEnsemble(request => request with { TimeLimit = TimeSpan.FromSeconds(5) });
        IChatClient client = routed ? scene.Router : scene.Router.Members[0].Client;
        EnsembleException error = Assert.Catch<EnsembleException>(() => scene.Time.Run(() => client.AskAsync(streaming, options: options)))!;
        Attempt attempt = error.Receipt!.Attempts.Single();
        Assert.That(attempt.CostUsd, Is.Null, "nobody knows it yet");
        Assert.That(attempt.Note, Does.Contain("with the $0.010").And.Contain("can cost at most"));
    }

    [Test]
    public void RequestWithoutTime_AsksNobody_AndCostsNothing([Values] bool streaming, [Values] bool budgeted)
    {
        VirtualTime time = new();
        using ScriptedMember mini = new ScriptedMember("mini", time).Always(AnswerScript.Text("late"));
        Ledger ledger = new(new MemoryLedgerStore(), [new Budget("all", 1m)], time);
        IChatClient model = mini.AsModel("mini", Price, new EnsembleRuntime { TimeProvider = time, Ledger = budgeted ? ledger : null });
        ChatOptions options = new ChatOptions { MaxOutputTokens = 10 }.WithEnsemble(request => request with { TimeLimit = TimeSpan.Zero });
        DeadlineExceededException error = Assert.Throws<DeadlineExceededException>(() => time.Run(() => model.AskAsync(streaming, options: options)))!;
        Assert.That(error.Receipt!.CostUsd, Is.Zero);
        Assert.That(mini, CountersAre.Untouched);
        Assert.That(ledger.GetBalancesAsync(new SpendContext()).AsTask().Result.Single().ReservedUsd, Is.Zero);
    }

    private sealed class Scene
    {
        private readonly MemoryLedgerStore _store = new();

        public Scene(IChatClient unruly, RouterOptions options, bool paid = true, int members = 2)
        {
            EnsembleRuntime runtime = new() { TimeProvider = Time, Ledger = new Ledger(_store, [new Budget("all", 1m)], Time) };
            IChatClient good = new ScriptedMember("good", Time).Always(AnswerScript.Text("fine"));
            Member[] all = [new Member("unruly", paid ? unruly.AsModel("unruly", Price, runtime) : unruly), new Member("good", good.AsModel("good", Price, runtime))];
            Router = new RouterChatClient("main", all[..members], options, runtime);
        }

        public VirtualTime Time { get; } = new();

        public RouterChatClient Router { get; }

        public ChatResponse Ask(bool streaming) => Time.Run(() => Router.AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = 10 }));

        public void AssertSettled() => Assert.That(_store.GetBalanceAsync(new LedgerAccount("all", "", 0, 0), default).AsTask().Result, LedgerIs.Settled);
    }

    private sealed class Unruly(bool throws, bool givesTask = true, bool isDeaf = false) : IChatClient
    {
        public Action? Before { get; init; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Before?.Invoke();
            return Answer(cancellationToken);
        }

        private Task<ChatResponse> Answer(CancellationToken cancellationToken) =>
            isDeaf ? new TaskCompletionSource<ChatResponse>().Task : throws ? HangAsync(cancellationToken) : givesTask ? Task.FromResult<ChatResponse>(null!) : null!;

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            _ = await GetResponseAsync(messages, options, cancellationToken);
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
