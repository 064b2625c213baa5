using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

[NonParallelizable]
public class AllocationTests
{
    [Test]
    public void AskingWhatCountsAsContent_AllocatesNothing()
    {
        TextContent content = new("x");
        Assert.That(Allocated(() => AnswerRules.IsContent(content, wantsReasoning: false)), Is.Zero);
    }

    [Test]
    public void TakingAReceiptOffAnUpdateThatHasNone_AllocatesNothing()
    {
        ChatResponseUpdate update = new(ChatRole.Assistant, "x");
        Assert.That(Allocated(() => ReceiptCarrier.Detach(update, out _) is not null), Is.Zero);
    }

    [Test]
    public void ReadingAFailureClass_AllocatesNothing()
    {
        FailureReader reader = new([]);
        IOException error = new();
        Assert.That(Allocated(() => reader.Read(error).Class == FailureClass.Transport), Is.Zero);
    }

    [Test]
    public void TallyOfNineBallots_AllocatesNothing()
    {
        Ballot[] ballots = [.. Enumerable.Range(0, 9).Select(i => new Ballot { Voter = "v", Choice = new string((char)('a' + (i % 3)), 100) })];
        Assert.That(Allocated(() => Plurality.Lead(ballots).Leader >= 3 && !VoteRule.Plurality.IsDecided(ballots, 1)), Is.Zero);
    }

    [Test]
    public void CountOfNineBallots_AllocatesItsResultOnly()
    {
        // The tally itself takes nothing; Count must hand out a vote and the list of counts: here 3 entries of 16 bytes.
        Ballot[] ballots = [.. Enumerable.Range(0, 9).Select(i => new Ballot { Voter = "v", Choice = new string((char)('a' + (i % 3)), 100) })];
        long list = Allocated(() => new KeyValuePair<string, double>[3].Length == 3), vote = Allocated(() => new Vote { Outcome = VoteOutcome.Decided }.Winner is null);
        Assert.That(Allocated(() => Plurality.Count(ballots).Counts.Count == 3), Is.EqualTo(list + vote));
    }

    [Test]
    public void APieceOfARoutedAndPaidStream_AllocatesNothing()
    {
        EnsembleRuntime runtime = new() { Ledger = new Ledger(new MemoryLedgerStore(), [new Budget("all", 1_000m)]) };
        ChatOptions options = new() { MaxOutputTokens = 50 };
        long Bytes(int pieces)
        {
            using RouterChatClient router = new("main", [new Member("a", new Endless(pieces).AsModel("a", Price.Local, runtime))], options: null, runtime);
            return Allocation.Of(() =>
            {
                IAsyncEnumerator<ChatResponseUpdate> updates = router.GetStreamingResponseAsync("hello", options).GetAsyncEnumerator();
                while (updates.MoveNextAsync().AsTask().Result)
                {
                }

                updates.DisposeAsync().AsTask().Wait();
            });
        }

        // Code that the runtime has not yet compiled again takes some hundred bytes a request more, so the least of several is what counts.
        long Least(int pieces) => Enumerable.Range(0, 6).Min(_ => Bytes(pieces));

        // Whatever a request itself takes, five hundred more pieces take no more; the tasks of the test itself are cached ones.
        Assert.That(Least(600) - Least(100), Is.LessThan(500));
    }

    [Test]
    public void AWholeRoutedReceiptedAndPaidCall_TakesNoMoreThan2000BytesBesidesTheMembersOwn([Values] bool daily)
    {
        EnsembleRuntime runtime = new() { Ledger = new Ledger(new MemoryLedgerStore(), [new Budget("all", 1_000m) { Per = daily ? BudgetPeriod.Day : BudgetPeriod.Ever }]) };
        Price price = new() { InputPerMillion = 1m, OutputPerMillion = 4m };
        ChatMessage[] messages = [new(ChatRole.User, "What is the capital of South Korea?")];
        ChatOptions options = new() { MaxOutputTokens = 50 };
        using Immediate member = new();
        using RouterChatClient router = new("main", [new Member("a", new Immediate().AsModel("a", price, runtime)), new Member("b", new Immediate().AsModel("b", price, runtime))], options: null, runtime);
        long Bytes(IChatClient client) => Allocation.Of(() => { _ = client.GetResponseAsync(messages, options).Result; });

        // Until the ledger's tables have grown to what they remember.
        for (int i = 0; i < 6_000; i++)
        {
            _ = router.GetResponseAsync(messages, options).Result;
        }

        Assert.That(Bytes(router) - Bytes(member), Is.LessThanOrEqualTo(2_000));
    }

    private sealed class Immediate : IChatClient
    {
        private readonly ChatMessage _message = new(ChatRole.Assistant, "yes");
        private readonly UsageDetails _usage = new() { InputTokenCount = 10, OutputTokenCount = 20 };

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(_message) { FinishReason = ChatFinishReason.Stop, Usage = _usage });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class Endless(int pieces) : IChatClient
    {
        private readonly ChatResponseUpdate _piece = new(ChatRole.Assistant, "yes ");
        private readonly ChatResponseUpdate _last = new() { FinishReason = ChatFinishReason.Stop, Contents = [new UsageContent(new UsageDetails { InputTokenCount = 1, OutputTokenCount = 1 })] };

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (int i = 0; i < pieces; i++)
            {
                yield return _piece;
            }

            await Task.CompletedTask;
            yield return _last;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private static long Allocated(Func<bool> action)
    {
        bool all = true;
        long bytes = Allocation.Of(() => all &= action());
        Assert.That(all, Is.True);
        return bytes;
    }
}
