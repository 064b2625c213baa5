using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A router over models that are paid for, whose first member answers in its usual time until it is told to be slow.</summary>
internal sealed class HedgingScene
{
    private const decimal Cap = 1_000m;

    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(100);

    private readonly MemoryLedgerStore _store = new();
    private readonly AnswerScript[] _scripts;
    private readonly int[] _atOnce = [0];

    public HedgingScene(RouterOptions options, int members = 2)
    {
        _scripts = [.. Enumerable.Range(0, members).Select(i => Says(NameOf(i), Usual))];
        Members = [.. _scripts.Select((_, i) => new ScriptedMember(NameOf(i), Time).Always(_ => _scripts[i]))];
        EnsembleRuntime runtime = new() { TimeProvider = Time, Ledger = new Ledger(_store, [new Budget("all", Cap)], Time) };
        Price price = new() { InputPerMillion = 1m, OutputPerMillion = 10m };
        Router = new RouterChatClient(
            "main", Members.Select(member => new Member(member.Name, new Leaf(member, this).AsModel(member.Name, price, runtime))), options, runtime);
    }

    public VirtualTime Time { get; } = new();

    public ScriptedMember[] Members { get; }

    public RouterChatClient Router { get; }

    public int MostAtOnce { get; private set; }

    public static AnswerScript Says(string name, TimeSpan after) => AnswerScript.Text(name, " says", " so.").After(after);

    public static AnswerScript Faulty(string name, int milliseconds, int fault) => fault switch
    {
        0 => Says(name, TimeSpan.FromMilliseconds(milliseconds)),
        1 => AnswerScript.Http(500).After(TimeSpan.FromMilliseconds(milliseconds)),
        _ => AnswerScript.RateLimited(TimeSpan.FromSeconds(1)).After(TimeSpan.FromMilliseconds(milliseconds)),
    };

    public void Script(int member, AnswerScript script) => _scripts[member] = script;

    public void SlowDown(TimeSpan after) => Script(0, Says("a", after));

    /// <summary>Lets the first member answer often enough for its usual time to be known.</summary>
    public void Learn(bool streaming)
    {
        for (int i = 0; i < 30; i++)
        {
            _ = Ask(streaming);
        }
    }

    public ChatResponse Ask(bool streaming, CancellationToken cancellationToken = default) => Ask(streaming, null, cancellationToken);

    public ChatResponse Ask(bool streaming, ChatOptions? options, CancellationToken cancellationToken = default) =>
        Time.Run(() => Router.AskAsync(streaming, options: options ?? new ChatOptions { MaxOutputTokens = 10 }, cancellationToken: cancellationToken));

    public void AssertNothingIsLeftBehind()
    {
        foreach (ScriptedMember member in Members)
        {
            Assert.That(member, CountersAre.Quiet);
        }

        Assert.That(_store.GetBalanceAsync(new LedgerAccount("all", "", 0, 0), default).AsTask().Result, LedgerIs.Settled);
        Assert.That(Time.PendingTimers, Is.Zero);
    }

    private static string NameOf(int index) => ((char)('a' + index)).ToString();

    private sealed class Leaf(IChatClient inner, HedgingScene scene) : DelegatingChatClient(inner)
    {
        private static readonly MemberTraits Traits = new() { ReportsFinishReason = true, ContextWindow = 100_000 };

        public override object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(MemberTraits) ? Traits : base.GetService(serviceType, serviceKey);

        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            scene.MostAtOnce = Math.Max(scene.MostAtOnce, ++scene._atOnce[0]);
            try
            {
                return await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                scene._atOnce[0]--;
            }
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            scene.MostAtOnce = Math.Max(scene.MostAtOnce, ++scene._atOnce[0]);
            try
            {
                await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
                {
                    yield return update;
                }
            }
            finally
            {
                scene._atOnce[0]--;
            }
        }
    }
}
