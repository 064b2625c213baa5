using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests;

/// <summary>A deadline of the request or its tenant cuts a model that is asked by its own name as it cuts the members of a route.</summary>
internal sealed class ModelDeadlineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _time = new();

    [Test]
    public async Task AModelAskedByItsName_IsCut([Values("request", "limit", "tenant", "default")] string by, [Values] bool streaming)
    {
        TaskCompletionSource entered = new();
        FakeClient client = FakeClient.Hangs(entered);
        Task<ChatResponse> asked = Model(client, by).AskAsync(streaming, options: Options(by));
        await entered.Task;
        _time.Advance(Limit - TimeSpan.FromMilliseconds(1));
        Assert.That(asked.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        DeadlineExceededException error = (await Assert.ThrowsAsync<DeadlineExceededException>(() => asked))!;
        Assert.That(error.Message, Is.EqualTo("mine: the deadline has passed."));
        Assert.That(error.Receipt!.Attempts.Single(), Has.Property(nameof(Attempt.Outcome)).EqualTo(AttemptOutcome.Failed).And.Property(nameof(Attempt.Failure)).EqualTo(FailureClass.Timeout));
        Assert.That(client.OpenStreams, Is.Zero);
    }

    [Test]
    public async Task AStream_IsCutInItsMiddle_AndWhatCameIsTheCallers()
    {
        FakeClient client = new(call => Slow(call));
        List<string> pieces = [];
        Task reading = ReadAsync();
        while (pieces.Count == 0)
        {
            await Task.Yield();
        }

        _time.Advance(Limit);
        DeadlineExceededException error = (await Assert.ThrowsAsync<DeadlineExceededException>(() => reading))!;
        Assert.That(pieces, Is.EqualTo(new[] { "first" }));
        Assert.That(error.Receipt!.Attempts, Has.Count.EqualTo(1));

        async Task ReadAsync()
        {
            await foreach (ChatResponseUpdate update in Model(client, "request").GetStreamingResponseAsync("hi", Options("request")))
            {
                pieces.Add(update.Text);
            }
        }

        static async IAsyncEnumerable<ChatResponseUpdate> Slow(FakeCall call)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "first");
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        }
    }

    [Test]
    public async Task WhoDoesNotObey_IsLeftAfterTheGrace([Values] bool streaming)
    {
        TaskCompletionSource entered = new();
        TaskCompletionSource never = new();
        FakeClient client = new(_ => Deaf());
        Task<ChatResponse> asked = Model(client, "request").AskAsync(streaming, options: Options("request"));
        await entered.Task;
        _time.Advance(Limit);
        _time.Advance(TimeSpan.FromSeconds(1));
        DeadlineExceededException error = (await Assert.ThrowsAsync<DeadlineExceededException>(() => asked))!;
        Assert.That(error.Receipt!.Attempts.Single().Failure, Is.EqualTo(FailureClass.Timeout));
        never.SetResult();

        async IAsyncEnumerable<ChatResponseUpdate> Deaf()
        {
            entered.TrySetResult();
            await never.Task;
            yield break;
        }
    }

    [Test]
    public async Task WhoeverCancels_GetsHisOwnToken_AndWhoAnswersInTimeIsNotCut([Values] bool streaming)
    {
        using CancellationTokenSource caller = new();
        TaskCompletionSource entered = new();
        Task<ChatResponse> asked = Model(FakeClient.Hangs(entered), "request").AskAsync(streaming, options: Options("request"), cancellationToken: caller.Token);
        await entered.Task;
        await caller.CancelAsync();
        OperationCanceledException error = (await Assert.CatchAsync<OperationCanceledException>(() => asked))!;
        Assert.That(error.CancellationToken, Is.EqualTo(caller.Token));
        ChatResponse response = await Model(FakeClient.Says("yes"), "tenant").AskAsync(streaming, options: Options("tenant"));
        Assert.That(response.Text, Is.EqualTo("yes"));
        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("mine"));
    }

    [Test]
    public async Task WhatATenantRequires_CutsEveryComposition([Values("route", "panel", "cascade", "choosing")] string kind, [Values("tenant", "default")] string by, [Values] bool streaming)
    {
        TaskCompletionSource entered = new();
        EnsembleRuntime runtime = Runtime(by);
        Member[] members = [new("mine", FakeClient.Hangs(entered).AsModel("mine", runtime: runtime))];
        IChatClient composition = kind switch
        {
            "route" => new RouterChatClient(kind, members, runtime: runtime),
            "choosing" => new RouterChatClient(kind, members, new RouterOptions { Selection = new() { Members = [new SelectionMember { Name = "mine", Card = new ModelCard { Id = "mine", ContextWindow = 8_192 }, Deployments = [new Deployment { Name = "mine", InProcess = true }] }] } }, runtime),
            "panel" => new PanelChatClient(kind, members, runtime: runtime),
            _ => new CascadeChatClient(kind, [.. members, new Member("other", FakeClient.Hangs().AsModel("other", runtime: runtime))], new CascadeOptions { DeferBelow = { Agreement = 0.5 } }, runtime),
        };
        Task<ChatResponse> asked = composition.AskAsync(streaming, options: Options(by));
        await entered.Task;
        _time.Advance(Limit);
        Assert.That(async () => await asked, Throws.InstanceOf<DeadlineExceededException>());
    }

    [Test]
    public async Task WhereBudgetsAreKept_ItIsCutToo([Values("request", "limit", "tenant")] string by, [Values] bool streaming)
    {
        TaskCompletionSource entered = new();
        BudgetFallbackChatClient client = new("mine", Model(FakeClient.Hangs(entered), by), _ => throw new InvalidOperationException("nobody steps in"), Runtime(by));
        Task<ChatResponse> asked = client.AskAsync(streaming, options: Options(by));
        await entered.Task;
        _time.Advance(Limit);
        Assert.That(async () => await asked, Throws.InstanceOf<DeadlineExceededException>());
    }

    [Test]
    public async Task WithinARequestOfSeveralTurns_TheCallIsWrittenDownOnce([Values("request", "tenant")] string by, [Values] bool streaming)
    {
        TaskCompletionSource entered = new();
        IChatClient client = Model(FakeClient.Hangs(entered), by).AsBuilder().UseEnsembleRequest(_time).Build();
        Task<ChatResponse> asked = client.AskAsync(streaming, options: Options(by));
        await entered.Task;
        _time.Advance(Limit);
        DeadlineExceededException error = (await Assert.ThrowsAsync<DeadlineExceededException>(() => asked))!;
        Assert.That(error.Receipt!.Attempts, Has.Count.EqualTo(1));
    }

    private static ChatOptions? Options(string by) => by switch
    {
        "request" => new ChatOptions().WithEnsemble(r => r with { Requirements = new() { Deadline = Limit } }),
        "limit" => new ChatOptions().WithEnsemble(r => r with { TimeLimit = Limit }),
        "tenant" => new ChatOptions().WithEnsemble(r => r with { Tenant = "bank" }),
        _ => null,
    };

    private EnsembleRuntime Runtime(string by) => new()
    {
        TimeProvider = _time,
        Tenants = by is "tenant" or "default"
            ? new([KeyValuePair.Create(by == "tenant" ? "bank" : "Default", new Requirements { Deadline = Limit })], "Tenants", Requirements.None)
            : null,
    };

    private IChatClient Model(IChatClient client, string by) => client.AsModel("mine", runtime: Runtime(by));
}
