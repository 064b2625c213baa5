using System.Runtime.CompilerServices;
using System.Text.Json;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A leaf that asks once more for an answer that fits a schema makes two calls, and money is set aside for both.</summary>
public class RepairMoneyTests
{
    private const int Output = 100;

    private static readonly Price Price = new() { InputPerMillion = 1m, OutputPerMillion = 10m };
    private static readonly ChatOptions Structured = new()
    {
        MaxOutputTokens = Output,
        ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"object"}""")),
    };

    [Test]
    public async Task TwoCalls_AreWithinWhatWasReserved([Values] bool streaming)
    {
        // The worst: both answers are as long as they may be, and the first is part of the second prompt.
        using Purse purse = new(cap: 1m, () => Usage(40 + 40 + Output, 2 * Output));
        Assert.That((await purse.AskAsync(streaming, Structured)).GetReceipt()!.Attempts[0].Note, Does.Not.Contain("OverReserve"));
    }

    [Test]
    public async Task CapThatPaysOneCallOnly_RefusesWhatMayNeedTwo([Values] bool streaming)
    {
        decimal one = CostBounds.UpperUsd(Price, 100, Output)!.Value;
        using Purse purse = new(one * 1.5m, () => Usage(20, 20));
        Assert.That(async () => await purse.AskAsync(streaming, Structured), Throws.TypeOf<BudgetExceededException>());
        Assert.That(async () => await purse.AskAsync(streaming, new ChatOptions { MaxOutputTokens = Output }), Throws.Nothing, "without a schema nothing is repaired");
    }

    [Test]
    public async Task OutputLimit_IsWhatTheBudgetPaysForBothCalls([Values] bool streaming)
    {
        using Purse purse = new(cap: 0.01m, () => Usage(20, 20));
        ChatOptions open = Structured.Clone();
        open.MaxOutputTokens = null;
        _ = await purse.AskAsync(streaming, open);
        Assert.That(purse.AskedOutput, Is.InRange(100, (int)(0.01m / Price.OutputPerMillion! * 1_000_000 / 2)));
    }

    [Test]
    public async Task SecondCallThatIsRefused_LeavesTheFirstBooked([Values] bool streaming)
    {
        using Purse purse = new(cap: 1m, () => throw With(new ModelHttpException("The model's server answered 429.") { StatusCode = 429 }, ModelChatClient.EarlierUsageKey, Usage(1000, 50)));
        Assert.That(async () => await purse.AskAsync(streaming, Structured), Throws.TypeOf<ModelHttpException>());
        Assert.That(await purse.BalanceAsync(), LedgerIs.Spent(0.0015m));
        Assert.That(await purse.BalanceAsync(), LedgerIs.Settled);
    }

    [Test]
    public async Task SecondCallThatIsLost_IsBookedWithItsReserve([Values] bool streaming)
    {
        using Purse purse = new(cap: 1m, () => throw With(new IOException("lost"), ModelChatClient.EarlierUsageKey, Usage(10, 10)));
        Assert.That(async () => await purse.AskAsync(streaming, Structured), Throws.TypeOf<IOException>());
        Assert.That((await purse.BalanceAsync()).SpentNanoUsd, Is.GreaterThan(NanoUsd.FromUsd(2 * CostBounds.UpperUsd(Price, 0, Output)!.Value)));
    }

    [Test]
    public async Task TwoAnswersThatBreakTheSchema_AreBookedAsReported([Values] bool streaming)
    {
        using Purse purse = new(cap: 1m, () => throw With(new JsonException("twice"), ModelChatClient.WholeUsageKey, Usage(3000, 100)));
        Assert.That(async () => await purse.AskAsync(streaming, Structured), Throws.TypeOf<JsonException>());
        Assert.That(await purse.BalanceAsync(), LedgerIs.Spent(0.004m));
    }

    private static UsageDetails Usage(long input, long output) => new() { InputTokenCount = input, OutputTokenCount = output };

    private static Exception With(Exception error, string key, UsageDetails usage)
    {
        error.Data[key] = usage;
        return error;
    }

    private sealed class Purse : IDisposable
    {
        private readonly MemoryLedgerStore _store = new();
        private readonly IChatClient _model;
        private readonly Repairing _leaf;

        public Purse(decimal cap, Func<UsageDetails> answer)
        {
            VirtualTime time = new();
            _leaf = new Repairing(answer);
            _model = _leaf.AsModel("mini", Price, new EnsembleRuntime { TimeProvider = time, Ledger = new Ledger(_store, [new Budget("all", cap)], time) });
        }

        public int? AskedOutput => _leaf.AskedOutput;

        public Task<ChatResponse> AskAsync(bool streaming, ChatOptions options) => _model.AskAsync(streaming, options: options);

        public void Dispose()
        {
            _model.Dispose();
            _leaf.Dispose();
        }

        public ValueTask<LedgerBalance> BalanceAsync() => _store.GetBalanceAsync(new LedgerAccount("all", "", 0, 0), default);
    }

    private sealed class Repairing(Func<UsageDetails> answer) : IChatClient
    {
        private static readonly MemberTraits Traits = new() { RepairsAnswers = true };

        public int? AskedOutput { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            AskedOutput = options?.MaxOutputTokens;
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "{}")) { Usage = answer(), FinishReason = ChatFinishReason.Stop });
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            {
                yield return update;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(MemberTraits) ? Traits : null;

        public void Dispose()
        {
        }
    }
}
