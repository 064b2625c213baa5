using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ensemble.Tests.Selection.Semantic;

public sealed class SemanticRouterTests
{
    private readonly HashedEmbeddings _embeddings = new();

    private FakeClient _cook = null!;

    private FakeClient _guide = null!;

    private FakeClient _general = null!;

    [SetUp]
    public void Make()
    {
        _cook = FakeClient.Says("soup");
        _guide = FakeClient.Says("a train");
        _general = FakeClient.Says("well");
    }

    [TearDown]
    public void Free()
    {
        _cook.Dispose();
        _guide.Dispose();
        _general.Dispose();
        _embeddings.Dispose();
    }

    [Test]
    public async Task Ask_WhatASpecialistKnows_AsksThatOneAlone([Values] bool streaming)
    {
        ChatResponse response = await Router().AskAsync(streaming, "boil the onion");

        Assert.That(response.Text, Is.EqualTo("soup"));
        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("cook"));
        Assert.That(response.GetReceipt()!.Notes.Single(), Does.StartWith("semantic: cook ("));
        Assert.That(response.GetReceipt()!.ToString(), Does.Contain("; semantic: cook ("));
        Assert.That((_guide.Calls.Count, _general.Calls.Count), Is.EqualTo((0, 0)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Ask_WhatMustStayLocal_IsNotEmbeddedElsewhere(bool streaming)
    {
        int before = _embeddings.Calls;
        ChatOptions options = new ChatOptions().WithEnsemble(request => request with { Requirements = new() { KeepLocal = SensitiveData.Email } });
        NoEligibleModelException error = (await Assert.ThrowsAsync<NoEligibleModelException>(() => Router().AskAsync(streaming, "boil the onion, says ada@example.com", options)))!;
        Assert.That(error.Receipt!.Notes, Has.Some.Contains("the text was not embedded (embeddings: the request holds Email"));
        Assert.That(_embeddings.Calls, Is.EqualTo(before));
        Assert.That((_cook.Calls.Count, _guide.Calls.Count, _general.Calls.Count), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task Deadline_CutsTheFittingAndTheEmbedding([Values] bool streaming, [Values] bool fitted, [Values] bool ignores)
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new();
        SemanticRouter router = new("main", _embeddings, [new("cook", _cook), new("general", _general)], Options("cook"), new EnsembleRuntime { TimeProvider = time });
        if (fitted)
        {
            _ = await router.AskAsync(streaming, "boil the onion");
        }

        TaskCompletionSource entered = new(), never = new();
        _embeddings.OnCall = (_, token) =>
        {
            entered.TrySetResult();
            return never.Task.WaitAsync(ignores ? CancellationToken.None : token);
        };
        int before = _cook.Calls.Count;
        Task<ChatResponse> asked = router.AskAsync(streaming, "boil the onion", new ChatOptions().WithEnsemble(request => request with { TimeLimit = TimeSpan.FromSeconds(2) }));
        await entered.Task;
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.That(asked.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.1));
        if (fitted && ignores)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        DeadlineExceededException error = (await Assert.ThrowsAsync<DeadlineExceededException>(() => asked))!;
        never.TrySetException(new InvalidOperationException("late"));
        Assert.That(error.Message, Is.EqualTo("main: the deadline has passed. embeddings: the text was not embedded in time."));
        Assert.That(error.Receipt!.Attempts.Single().Failure, Is.EqualTo(FailureClass.Timeout));
        Assert.That(_cook.Calls, Has.Count.EqualTo(before));
    }

    [Test]
    public async Task Ask_WhatNobodyKnows_AsksTheGeneralist([Values] bool streaming)
    {
        ChatResponse response = await Router().AskAsync(streaming, "quantum xylophone zebra");

        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("general"));
        Assert.That(response.GetReceipt()!.Notes.Single(), Does.StartWith("semantic: none of these"));
        Assert.That(response.GetReceipt()!.Degraded, Is.False);
    }

    [Test]
    public async Task Ask_TheSpecialistFails_AsksTheGeneralistAndNoOtherSpecialist([Values] bool streaming)
    {
        FakeClient broken = FakeClient.Throws(new HttpRequestException("down"));

        ChatResponse response = await Router(cook: broken).AskAsync(streaming, "boil the onion");

        Assert.That(response.GetReceipt()!.Attempts.Select(a => a.Member), Is.EqualTo(new[] { "embeddings", "cook", "general" }));
        Assert.That(_guide.Calls, Is.Empty);
    }

    [Test]
    public async Task Ask_TheEmbeddingModelFails_AsksTheGeneralistAndSaysSo([Values] bool streaming)
    {
        _embeddings.OnCall = (_, _) => throw new InvalidOperationException("secret prompt text");

        ChatResponse response = await Router().AskAsync(streaming, "boil the onion");

        Receipt receipt = response.GetReceipt()!;
        Assert.That((receipt.AnsweredBy, receipt.Degraded), Is.EqualTo(("general", true)));
        Assert.That(receipt.Attempts[0].Note, Is.EqualTo(nameof(InvalidOperationException)));
    }

    [Test]
    public async Task Ask_TheFirstEmbeddingFailed_IsTriedAgainByTheNextRequest()
    {
        _embeddings.OnCall = (call, _) => call == 1 ? throw new InvalidOperationException() : Task.CompletedTask;
        SemanticRouter router = Router();

        await router.AskAsync(false, "boil the onion");
        ChatResponse response = await router.AskAsync(false, "boil the onion");

        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("cook"));
    }

    [Test]
    public async Task Ask_CancelledWhileEmbedding_ThrowsWithTheCallersToken([Values] bool streaming)
    {
        SemanticRouter router = Router();
        await router.PrepareAsync();
        using CancellationTokenSource source = new();
        _embeddings.OnCall = async (_, token) =>
        {
            await source.CancelAsync();
            token.ThrowIfCancellationRequested();
        };

        Assert.That(
            async () => await router.AskAsync(streaming, "boil the onion", cancellationToken: source.Token),
            Throws.InstanceOf<OperationCanceledException>().With.Property(nameof(OperationCanceledException.CancellationToken)).EqualTo(source.Token));
        Assert.That(_general.Calls, Is.Empty);
    }

    [Test]
    public async Task Ask_OneCallerLeavesDuringTheFirstEmbedding_TheOtherIsAnswered()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _embeddings.OnCall = (call, _) => call == 1 ? gate.Task : Task.CompletedTask;
        SemanticRouter router = Router();
        using CancellationTokenSource source = new();
        Task<ChatResponse> leaver = router.AskAsync(false, "boil the onion", cancellationToken: source.Token);
        Task<ChatResponse> stayer = router.AskAsync(false, "boil the onion");

        await source.CancelAsync();
        gate.SetResult();

        Assert.That(async () => await leaver, Throws.InstanceOf<OperationCanceledException>());
        Assert.That((await stayer).GetReceipt()!.AnsweredBy, Is.EqualTo("cook"));
    }

    [Test]
    public async Task Ask_WithoutText_AsksTheGeneralistWithoutEmbedding([Values] bool streaming)
    {
        ChatResponse response = await Router().AskAsync(streaming, "  ");

        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("general"));
        Assert.That(_embeddings.Calls, Is.Zero);
    }

    [Test]
    public async Task Ask_TheLastThingTheUserSaid_Decides()
    {
        ChatMessage[] conversation = [new(ChatRole.User, "boil the onion"), new(ChatRole.Assistant, "soup"), new(ChatRole.User, "train to the coast"), new(ChatRole.Assistant, "boil")];

        ChatResponse response = await Router().GetResponseAsync(conversation);

        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("guide"));
    }

    [Test]
    public async Task Ask_AModelIdThatNamesAMember_AsksIt([Values] bool streaming)
    {
        ChatResponse response = await Router().AskAsync(streaming, "boil the onion", new ChatOptions { ModelId = "guide" });

        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("guide"));
    }

    [Test]
    public void Create_ARouteWithoutMember_SuggestsTheNearest() =>
        Assert.That(
            () => new SemanticRouter("main", _embeddings, [new("cooks", _cook), new("general", _general)], Options(routes: "cook")),
            Throws.ArgumentException);

    [Test]
    public void Create_AMemberWithoutRoute_IsRefused() =>
        Assert.That(
            () => new SemanticRouter("main", _embeddings, [new("cook", _cook), new("guide", _guide), new("general", _general)], Options(routes: "cook")),
            Throws.ArgumentException.With.Message.Contains("'guide'"));

    [Test]
    public void Create_NobodyForTheRest_IsRefused() =>
        Assert.That(
            () => new SemanticRouter("main", _embeddings, [new("cook", _cook)], new SemanticRouterOptions { Routes = { Route("cook") } }),
            Throws.ArgumentException.With.Message.Contains("Otherwise"));

    [Test]
    public async Task AddSemanticRouter_InCode_RoutesToKeyedModels()
    {
        ServiceCollection services = new();
        services.AddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>("words", _embeddings);
        Models(services.AddEnsemble()).AddSemanticRouter("main", "words", o =>
        {
            o.Routes.Add(Route("cook"));
            o.Routes.Add(Route("guide"));
            o.Otherwise = "general";
        });
        await using ServiceProvider provider = services.BuildServiceProvider();

        ChatResponse response = await provider.GetRequiredKeyedService<IChatClient>("main").AskAsync(false, "boil the onion");

        Assert.That(response.Text, Is.EqualTo("soup"));
    }

    [Test]
    public async Task AddEnsemble_KindSemanticInTheConfiguration_Routes()
    {
        ServiceCollection services = new();
        services.AddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>("words", _embeddings);
        Models(services.AddEnsemble(Json("""
            { "Ensemble": { "Compositions": { "main": {
              "Kind": "semantic", "Members": "cook, guide, general", "Embeddings": "words", "Otherwise": "general", "Scoring": "mean", "AcceptedShare": 0.9,
              "Routes": { "cook": ["boil the potato", "boil the carrot", "fry the onion"], "guide": ["train to the city", "bus to the coast"] } } } } }
            """)));
        await using ServiceProvider provider = services.BuildServiceProvider();

        ChatResponse response = await provider.GetRequiredKeyedService<IChatClient>("main").AskAsync(false, "boil the onion");

        Assert.That(response.Text, Is.EqualTo("soup"));
    }

    [Test]
    public void AddEnsemble_KindSemanticWithMistakes_NamesEachPath()
    {
        ServiceCollection services = new();
        Models(services.AddEnsemble(Json("""
            { "Ensemble": { "Compositions": { "main": { "Kind": "semantic", "Members": "cook, general", "Scoring": "nearest", "Routes": { "cook": ["one"] }, "Rutes": 1 } } } }
            """)));
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(
            () => provider.GetRequiredKeyedService<IChatClient>("main"),
            Throws.TypeOf<OptionsValidationException>()
                .With.Message.Contains("Ensemble:Compositions:main:Otherwise: missing")
                .And.Message.Contains("Ensemble:Compositions:main:Embeddings: missing")
                .And.Message.Contains("Ensemble:Compositions:main:Routes:cook: 1 examples")
                .And.Message.Contains("Ensemble:Compositions:main:Scoring: 'nearest' is unknown")
                .And.Message.Contains("Ensemble:Compositions:main:Rutes: unknown key. Did you mean 'Routes'?"));
    }

    [Test]
    public void AddSemanticRouter_NoSuchEmbeddings_SaysWhatToCall()
    {
        ServiceCollection services = new();
        Models(services.AddEnsemble()).AddSemanticRouter("main", "absent", o =>
        {
            o.Routes.Add(Route("cook"));
            o.Otherwise = "general";
        });
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredKeyedService<IChatClient>("main"), Throws.TypeOf<Microsoft.Extensions.Options.OptionsValidationException>().With.Message.Contains("AddLocalEmbeddings"));
    }

    private static IConfigurationRoot Json(string text) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text))).Build();

    private static SemanticRoute Route(string name) => name == "cook"
        ? new("cook", ["boil the potato", "boil the carrot", "fry the onion"])
        : new("guide", ["train to the city", "bus to the coast", "train and bus"]);

    private static SemanticRouterOptions Options(params string[] routes)
    {
        SemanticRouterOptions options = new() { Otherwise = "general" };
        foreach (string route in routes)
        {
            options.Routes.Add(Route(route));
        }

        return options;
    }

    private IEnsembleBuilder Models(IEnsembleBuilder builder) =>
        builder.AddModel("cook", _ => _cook).AddModel("guide", _ => _guide).AddModel("general", _ => _general);

    private SemanticRouter Router(IChatClient? cook = null) =>
        new("main", _embeddings, [new("cook", cook ?? _cook), new("guide", _guide), new("general", _general)], Options("cook", "guide"));
}
