using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class ConcurrencyTests
{
    private static readonly ChatOptions Sampled = new() { Temperature = 1, Seed = 11, MaxOutputTokens = 24 };

    [Test]
    public async Task TheSameSeed_GivesTheSameText_WhateverRunsBeside()
    {
        using ModelCopy copy = new(TinyModel.Llama);
        using LocalChatClient client = new(new LocalModelOptions { Model = copy.Folder, MaxConcurrency = 3 });
        string alone = (await client.GetResponseAsync("How many boats?", Sampled)).Text;
        Task<ChatResponse>[] beside = [.. Enumerable.Range(0, 30).Select(index =>
            client.GetResponseAsync(index % 3 == 0 ? "How many boats?" : $"Number {index}?", index % 3 == 0 ? Sampled : new ChatOptions { Temperature = 1, Seed = index }))];
        ChatResponse[] responses = await Task.WhenAll(beside);
        Assert.That(responses.Where((_, index) => index % 3 == 0).Select(response => response.Text), Is.All.EqualTo(alone));
    }

    [Test]
    public async Task OtherSeeds_GiveOtherTexts_AndASeedThatNobodyGave_IsTold()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Llama);
        ChatResponse one = await client.GetResponseAsync("How many boats?", Sampled);
        ChatResponse other = await client.GetResponseAsync("How many boats?", new ChatOptions { Temperature = 1, MaxOutputTokens = 24 });
        Assert.That(other.Text, Is.Not.EqualTo(one.Text));
        long seed = (long)other.AdditionalProperties![LocalChatOptions.Seed]!;
        ChatResponse repeated = await client.GetResponseAsync("How many boats?", new ChatOptions { Temperature = 1, Seed = seed, MaxOutputTokens = 24 });
        Assert.That(repeated.Text, Is.EqualTo(other.Text));
    }

    [Test]
    public async Task ACancelledStream_StopsWithTheCallersToken_AndTheModelGoesOn()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Llama, maxOutputTokens: 400);
        using CancellationTokenSource cancellation = new();
        int updates = 0;
        OperationCanceledException? error = null;
        try
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("How many boats?", Endless(), cancellation.Token))
            {
                updates++;
                await cancellation.CancelAsync();
            }
        }
        catch (OperationCanceledException cancelled)
        {
            error = cancelled;
        }

        Assert.That(error, Is.Not.Null);
        Assert.That(error!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(updates, Is.LessThan(400));
        Assert.That((await client.GetResponseAsync("Hi", Sampled)).Text, Is.Not.Empty);
    }

    [Test]
    public async Task AReaderThatLeaves_FreesTheModel()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Llama, maxOutputTokens: 400);
        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("How many boats?", Endless()))
        {
            break;
        }

        Assert.That((await client.GetResponseAsync("Hi", Sampled)).Text, Is.Not.Empty);
    }

    [Test]
    public void ACancelledCall_StopsAtTheNextToken()
    {
        using LoadedModel model = TinyModel.Load(TinyModel.Llama);
        using CancellationTokenSource cancellation = new();
        GenerationRequest request = new() { Messages = [], Template = LocalTemplate.None, MaxOutputTokens = 400, Sampling = new SamplingOptions() };
        CancellingSink sink = new(cancellation, after: 3);
        Assert.That(() => TextGeneration.Run(model, request, model.Prompts.EncodeText("How many boats are there?"), sink, cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(sink.Pieces, Is.EqualTo(3));
    }

    [Test]
    public void ACancelledPrompt_StopsAtTheNextPass_AndWhatWasReadIsKept()
    {
        using LoadedModel model = TinyModel.Load(TinyModel.Llama);
        using KeptGenerator kept = model.Pool.Take(null, [1], 400);
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        Assert.That(() => kept.Bring([.. Enumerable.Range(1, 300)], cancellation.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(kept.Generator.TokenCount(), Is.Zero);
        Assert.That(kept.Bring([1, 2, 3], CancellationToken.None), Is.Zero);
    }

    [Test]
    public async Task AWaitThatIsCancelled_EndsAtOnce()
    {
        using ManualResetEventSlim released = new();
        ModelWorker worker = new("m", 1, 8, static () => { });
        Task<int> running = Occupy(worker, released);
        using CancellationTokenSource cancellation = new();
        Task<int> waiting = worker.RunAsync(() => 1, cancellation.Token);
        await cancellation.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>().With.Property("CancellationToken").EqualTo(cancellation.Token));
        Assert.That(worker.Waiting, Is.Zero);
        released.Set();
        Assert.That(await running, Is.Zero);
        worker.Stop();
    }

    [Test]
    public async Task TheQueue_IsFair_AndRefusesWhenFull()
    {
        using ManualResetEventSlim released = new();
        ModelWorker worker = new("m", 1, 3, static () => { });
        Task<int> running = Occupy(worker, released);
        List<int> order = [];
        Task<int>[] waiting = [.. Enumerable.Range(0, 3).Select(index => worker.RunAsync(
            () =>
            {
                order.Add(index);
                return index;
            },
            CancellationToken.None))];
        Assert.That(() => worker.RunAsync(() => 9, CancellationToken.None), Throws.TypeOf<ModelBusyException>().With.Message.Contains("MaxQueue (3)"));
        released.Set();
        await running;
        await Task.WhenAll(waiting);
        Assert.That(order, Is.EqualTo(new[] { 0, 1, 2 }));
        worker.Stop();
    }

    [Test]
    public async Task AnErrorOfOneRequest_IsItsOwn()
    {
        ModelWorker worker = new("m", 1, 8, static () => { });
        Task<int> failing = worker.RunAsync<int>(() => throw new InvalidOperationException("mine"), CancellationToken.None);
        Assert.That(await worker.RunAsync(() => 1, CancellationToken.None), Is.EqualTo(1));
        Assert.That(async () => await failing, Throws.InvalidOperationException);
        worker.Stop();
    }

    [Test]
    public async Task Stopped_TheWorkerRunsItsLastActionOnce_AndRefuses()
    {
        int stopped = 0;
        TaskCompletionSource done = new();
        ModelWorker worker = new("m", 2, 8, () =>
        {
            stopped++;
            done.SetResult();
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(index => worker.RunAsync(() => index, CancellationToken.None)));
        worker.Stop();
        await done.Task;
        Assert.That(stopped, Is.EqualTo(1));
        Assert.That(() => worker.RunAsync(() => 1, CancellationToken.None), Throws.TypeOf<ObjectDisposedException>());
    }

    // It measures the whole process, so it runs alone.
    [Test]
    [NonParallelizable]
    public async Task HundredsOfMixedRequests_LeaveMemoryFlatAndNothingStuck()
    {
        using ModelCopy copy = new(TinyModel.Qwen);
        LocalModelOptions options = new() { Model = copy.Folder, MaxConcurrency = 2, MaxQueue = 1000, MaxCacheBytes = 1 << 20, MaxOutputTokens = 32 };
        using LocalChatClient client = new(options);
        SharedModel shared = SharedModel.Acquire(options);
        await RunMixedAsync(client, 600);
        long before = WorkingSet();
        await RunMixedAsync(client, 600);
        Assert.That(shared.Worker.Waiting, Is.Zero);
        Assert.That(shared.Loaded!.Pool.IdleBytes, Is.LessThanOrEqualTo(1 << 20));

        // A generator lost with each request would be 120 MB and more.
        Assert.That(WorkingSet() - before, Is.LessThan(30L << 20));
        shared.Release();
    }

    private static async Task RunMixedAsync(LocalChatClient client, int count)
    {
        Task[] requests = [.. Enumerable.Range(0, count).Select(index => (index % 5) switch
        {
            0 => Cancelled(client, index),
            1 => TooLong(client),
            2 => LocalChatClientTests.Ask(client, $"How many {index}?", Sampled, streaming: true),
            3 => client.GetService<IContinuationScorer>()!.ScoreAsync(ScoringRequest.ForText("The old lamp", $" by {index}", [" river", " night boat"])),
            _ => client.GetResponseAsync($"Count {index}.", new ChatOptions { Temperature = 1, TopP = 0.9f, Seed = index }),
        })];
        await Task.WhenAll(requests);
    }

    private static async Task Cancelled(LocalChatClient client, int index)
    {
        using CancellationTokenSource cancellation = new();
        Task<ChatResponse> response = client.GetResponseAsync($"Cancel {index}", Endless(), cancellation.Token);
        await cancellation.CancelAsync();
        Assert.That(async () => await response, Throws.InstanceOf<OperationCanceledException>());
    }

    private static Task TooLong(LocalChatClient client)
    {
        Assert.That(async () => await client.GetResponseAsync(string.Concat(Enumerable.Repeat("boats ", 600))), Throws.TypeOf<PromptTooLongException>());
        return Task.CompletedTask;
    }

    private static long WorkingSet()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    // Returns when the worker's only thread is taken; it stays so until released.
    private static Task<int> Occupy(ModelWorker worker, ManualResetEventSlim released)
    {
        using ManualResetEventSlim started = new();
        Task<int> running = worker.RunAsync(
            () =>
            {
                started.Set();
                released.Wait();
                return 0;
            },
            CancellationToken.None);
        started.Wait();
        return running;
    }

    // Token 24 for ever: it is no end token and text in every tiny model.
    private static ChatOptions Endless() => new()
    {
        MaxOutputTokens = 400,
        AdditionalProperties = new() { [LocalChatOptions.LogitBias] = new Dictionary<int, float> { [24] = 1000 } },
    };

    private sealed class CancellingSink(CancellationTokenSource cancellation, int after) : IAnswerSink
    {
        public int Pieces { get; private set; }

        public void Add(string text, IReadOnlyList<TokenLogProbability>? tokens)
        {
            if (++Pieces == after)
            {
                cancellation.Cancel();
            }
        }
    }
}
