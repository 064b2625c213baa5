using System.Text;
using Ensemble.Tests.Selection;
using Ensemble.Tests.Selection.Semantic;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests.Constraints;

/// <summary>An embedding model that is elsewhere sees no text that the rules keep here, whoever asks it.</summary>
internal sealed class EmbeddingRulesTests
{
    private const string Question = "Who is ada@example.com?";

    private static readonly SelectionMember Local = Choosing.Member("loc", quality: 0.4, deployments: [new Deployment { Name = "loc", InProcess = true }]);

    private static readonly ChatOptions Kept = new ChatOptions().WithEnsemble(request => request with { Requirements = new() { KeepLocal = SensitiveData.Email } });

    [Test]
    public async Task AnswersOfAPanel_AreComparedWithoutIt([Values] bool streaming)
    {
        using HashedEmbeddings embeddings = new();
        PanelChatClient panel = new("jury", [Voter("a", "It is Ada"), Voter("b", "Ada")], new PanelOptions { Clusters = new AnswerClusterOptions(embeddings) });
        ChatResponse response = await panel.AskAsync(streaming, Question, Kept);
        Assert.That(embeddings.Calls, Is.Zero);
        Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains("compared word by word only (embeddings: the request holds Email"));
        _ = await panel.AskAsync(streaming, "Who?", Kept);
        Assert.That(embeddings.Calls, Is.Positive, "without anything to keep it is asked");
    }

    [Test]
    public async Task AClassifierThatHasNothingElse_Refuses([Values] bool streaming)
    {
        using HashedEmbeddings embeddings = new();
        BaggingData data = BaggingData.FromExamples([.. Enumerable.Range(0, 12).Select(i => new LabeledExample($"text {i}", i % 2 == 0 ? "yes" : "no"))]);
        ClassifierChatClient classifier = new("triage", [], new ClassifierOptions { Data = data }, embeddings);
        NoEligibleModelException error = (await Assert.ThrowsAsync<NoEligibleModelException>(() => classifier.AskAsync(streaming, Question, Kept)))!;
        Assert.That(error.Refusals.Single().Rules, Is.EqualTo(ConstraintRules.SensitiveData));
        Assert.That(embeddings.Calls, Is.Zero);
    }

    [Test]
    public async Task WhatConcernsAnswersOnly_DoesNotKeepTextFromIt([Values] bool streaming)
    {
        using HashedEmbeddings embeddings = new();
        PanelChatClient panel = new("jury", [Voter("a", "It is Ada"), Voter("b", "Ada")], new PanelOptions { Clusters = new AnswerClusterOptions(embeddings) });
        _ = await panel.AskAsync(streaming, Question, new ChatOptions().WithEnsemble(request => request with { Requirements = new() { MinQuality = 0.3 } }));
        Assert.That(embeddings.Calls, Is.Positive);
    }

    [Test]
    public async Task AnswersThatHoldWhatTheQuestionDoesNot_AreComparedWithoutIt([Values] bool streaming)
    {
        using HashedEmbeddings embeddings = new();
        PanelChatClient panel = new("jury", [Voter("a", "It is ada@example.com"), Voter("b", "ada@example.com")], new PanelOptions { Clusters = new AnswerClusterOptions(embeddings) });
        _ = await panel.AskAsync(streaming, "Who?", Kept);
        Assert.That(embeddings.Calls, Is.Zero);
    }

    // What the rule is, where the embedding model runs and what it promises, and whether it may be asked.
    [TestCase(0, "koreacentral", DataPolicies.None, false, ExpectedResult = true)]
    [TestCase(0, "eastus", DataPolicies.ZeroRetention, false, ExpectedResult = false)]
    [TestCase(0, "global", DataPolicies.ZeroRetention, false, ExpectedResult = false)]
    [TestCase(0, null, DataPolicies.None, true, ExpectedResult = false)]
    [TestCase(1, "eastus", DataPolicies.ZeroRetention | DataPolicies.NoTraining, false, ExpectedResult = true)]
    [TestCase(1, "koreacentral", DataPolicies.NoTraining, false, ExpectedResult = false)]
    [TestCase(2, null, DataPolicies.None, true, ExpectedResult = true)]
    [TestCase(2, "koreacentral", DataPolicies.ZeroRetention, false, ExpectedResult = false)]
    [TestCase(3, "koreacentral", DataPolicies.None, false, ExpectedResult = false)]
    [TestCase(4, "koreacentral", DataPolicies.None, false, ExpectedResult = true)]
    [TestCase(5, "koreacentral", DataPolicies.None, false, ExpectedResult = false)]
    public async Task<bool> OneThatIsDescribed_IsAskedWhereTheRulesAllow(int rule, string? processing, DataPolicies policies, bool selfHosted)
    {
        using HashedEmbeddings embeddings = new();
        Requirements required = rule switch
        {
            0 => new() { Regions = ["KR"] },
            1 => new() { DataPolicies = DataPolicies.ZeroRetention },
            2 => new() { KeepLocal = SensitiveData.Email },
            3 => new() { Placement = Placement.OnlyLocal },
            4 => new() { Allow = ["loc", "embedder"] },
            _ => new() { Deny = ["Embedder"] },
        };
        SelectionMember description = Choosing.Member("embedder", deployments: [new Deployment { Name = "embedder", Processing = processing, DataPolicies = policies, SelfHosted = selfHosted }]);
        SemanticRouter router = Semantic(embeddings.AsModel(description));
        ChatResponse response = await router.GetResponseAsync(Question, new ChatOptions().WithEnsemble(request => request with { Requirements = required }));
        bool asked = embeddings.Calls > 0;
        Assert.That(response.GetReceipt()!.Notes, asked ? Has.None.Contains("not embedded") : Has.Some.Contains("the text was not embedded (embedder: "));
        return asked;
    }

    [Test]
    public async Task ThePriceOfOneThatIsDescribed_IsInTheReceipt()
    {
        using HashedEmbeddings embeddings = new();
        SelectionMember description = Choosing.Member("embedder", deployments: [new Deployment { Name = "embedder", InProcess = true }]);
        Attempt asked = (await Semantic(embeddings.AsModel(description)).GetResponseAsync("billing")).GetReceipt()!.Attempts[0];
        Assert.That((asked.Member, asked.CostUsd), Is.EqualTo(("embeddings", (decimal?)0m)));
        Attempt dear = EmbeddingAttempt.Answered("e", embeddings.AsModel(Choosing.Member("embedder", input: 2m, deployments: [new Deployment { Name = "embedder" }])), new UsageDetails { InputTokenCount = 500 }, TimeSpan.Zero);
        Assert.That(dear.CostUsd, Is.EqualTo(0.001m));
        Assert.That(EmbeddingAttempt.Answered("e", embeddings, new UsageDetails { InputTokenCount = 500 }, TimeSpan.Zero).CostUsd, Is.Null);
    }

    [Test]
    public async Task TheConfigurationDescribesIt_WhetherAProviderMakesItOrTheApplication([Values("made", "own")] string key, [Values("KR", "US")] string place)
    {
        string json = $$"""
            { "Ensemble": {
              "Models": { "billing": { "Provider": "inprocess" }, "general": { "Provider": "inprocess" } },
              "Embeddings": {
                "made": { "Provider": "hashed", "Processing": "{{place}}", "DataPolicies": [ "NoTraining" ], "Price": { "InputPerMillion": 0.02 } },
                "own": { "Processing": "{{place}}", "DataPolicies": [ "NoTraining" ] } },
              "Tenants": { "bank": { "Require": { "Regions": [ "KR" ], "DataPolicies": [ "NoTraining" ] } } },
              "Compositions": { "main": { "Kind": "semantic", "Members": "billing, general", "Embeddings": "{{key}}", "Routes": { "billing": [ "an invoice", "the bill" ] }, "Otherwise": "general", "Threshold": -1000 } } } }
            """;
        using HashedEmbeddings embeddings = new();
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(new NamedProvider("inprocess"));
        collection.AddSingleton<IEmbeddingProvider>(new Hashed(embeddings));
        collection.AddEnsemble(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());
        collection.AddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>("own", embeddings);
        await using ServiceProvider services = collection.BuildServiceProvider();
        IChatClient main = services.GetRequiredService<IEnsembleClients>().Get("main");
        RouteExplanation explained = services.GetRequiredService<IEnsembleClients>().Explain("main", [new ChatMessage(ChatRole.User, "the bill")], new ChatOptions().WithEnsemble(request => request with { Tenant = "bank" }));
        CandidateExplanation compares = explained.Candidates.Single(candidate => candidate.Deployment.Name == key);
        Assert.That(compares.Rank, Is.EqualTo(place == "KR" ? 1 : null));
        Assert.That(compares.Verdicts.Single(verdict => verdict.Rule == "Residency").Refusal is null, Is.EqualTo(place == "KR"));
        Assert.That(explained.Plan, Is.EqualTo(place == "KR" ? [key, "billing", "general"] : new[] { "billing", "general" }));
        Assert.That(explained.Note, Does.Contain(place == "KR" ? $"'{key}' compares texts" : $"'{key}' is refused"));
        Assert.That(compares.Price.InputPerMillion, Is.EqualTo(key == "made" ? 0.02m : null));
        Assert.That(embeddings.Calls, Is.Zero);
        ChatResponse response = await main.GetResponseAsync("the bill", new ChatOptions().WithEnsemble(request => request with { Tenant = "bank" }));
        Assert.That(response.Text, Is.EqualTo(place == "KR" ? "billing" : "general"), response.GetReceipt()!.ToString());
        Assert.That(embeddings.Calls > 0, Is.EqualTo(place == "KR"));
        Assert.That((await main.GetResponseAsync("the bill")).Text, Is.EqualTo("billing"), "without rules it is always asked");
    }

    private static SemanticRouter Semantic(IEmbeddingGenerator<string, Embedding<float>> embeddings) => new(
        "r", embeddings, [Voter("billing", "b"), Voter("general", "g")], new SemanticRouterOptions { Routes = { new SemanticRoute("billing", ["an invoice", "the bill"]) }, Otherwise = "general" });

    [Test]
    public async Task Explain_SaysOfOneInThisProcess_WhereItIsAndThatItIsFree()
    {
        const string Json = """
            { "Ensemble": {
              "Models": { "a": { "Provider": "inprocess" }, "b": { "Provider": "inprocess" } }, "Embeddings": { "e": { "Provider": "hashed" } },
              "Compositions": { "main": { "Kind": "semantic", "Members": "a, b", "Embeddings": "e", "Routes": { "a": [ "an invoice", "the bill" ] }, "Otherwise": "b" } } } }
            """;
        using HashedEmbeddings embeddings = new();
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(new NamedProvider("inprocess"));
        collection.AddSingleton<IEmbeddingProvider>(new Hashed(embeddings) { RunsInProcess = true });
        collection.AddEnsemble(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Json))).Build());
        await using ServiceProvider services = collection.BuildServiceProvider();
        CandidateExplanation compares = services.GetRequiredService<IEnsembleClients>().Explain("main", [new ChatMessage(ChatRole.User, "the bill")]).Candidates[0];
        Assert.That((compares.Deployment.Name, compares.Deployment.InProcess, compares.Price.InputPerMillion), Is.EqualTo(("e", true, 0m)));
    }

    [Test]
    public async Task AReload_ThatMovesAnEmbeddingModelOrAddsOne_AsksTheOneThatItDescribes([Values("e", "added", "again")] string key, [Values] bool used)
    {
        const string Json = """
            { "Ensemble": {
              "Models": { "a": { "Provider": "inprocess" }, "b": { "Provider": "inprocess" } }, "Embeddings": { "e": { "Provider": "us", "Processing": "US" }, "again": { "Provider": "us", "Processing": "US" } },
              "Tenants": { "bank": { "Require": { "Regions": [ "KR" ] } }, "Default": {} },
              "Compositions": { "main": { "Kind": "semantic", "Members": "a, b", "Embeddings": "e", "Routes": { "a": [ "an invoice", "the bill" ] }, "Otherwise": "b", "Threshold": -1000 } } } }
            """;
        using HashedEmbeddings american = new();
        using HashedEmbeddings korean = new();
        IConfigurationRoot file = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Json))).Build();
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(file.AsEnumerable()).Build();
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(new NamedProvider("inprocess"));
        collection.AddSingleton<IEmbeddingProvider>(new Hashed(american) { Name = "us" });
        collection.AddSingleton<IEmbeddingProvider>(new Hashed(korean) { Name = "kr" });
        collection.AddEnsemble(configuration);
        await using ServiceProvider services = collection.BuildServiceProvider();
        IChatClient main = services.GetRequiredService<IEnsembleClients>().Get("main");
        ChatOptions bank = new ChatOptions().WithEnsemble(request => request with { Tenant = "bank" });
        if (used)
        {
            Assert.That((await main.GetResponseAsync("the bill", bank)).Text, Is.EqualTo("b"));
            Assert.That(american.Calls, Is.Zero, "the bank's text stays in Korea");
            _ = await main.GetResponseAsync("the bill");
        }

        int before = american.Calls;
        (configuration[$"Ensemble:Embeddings:{key}:Provider"], configuration[$"Ensemble:Embeddings:{key}:Processing"], configuration["Ensemble:Compositions:main:Embeddings"]) = ("kr", "KR", key);
        configuration.Reload();
        Assert.That((await main.GetResponseAsync("the bill", bank)).Text, Is.EqualTo("a"));
        Assert.That(korean.Calls, Is.GreaterThan(0));
        Assert.That(american.Calls, Is.EqualTo(before), "what now counts as Korean is");
    }

    private sealed class Hashed(HashedEmbeddings embeddings) : IEmbeddingProvider
    {
        public bool RunsInProcess { get; init; }

        public string Name { get; init; } = "hashed";

        public IReadOnlyCollection<string> SettingNames => [];

        public IEmbeddingGenerator<string, Embedding<float>> CreateGenerator(ModelRegistration model, IServiceProvider services) => embeddings;
    }

    private static Member Voter(string name, string says) => new(name, FakeClient.Says(says).AsModel(Local));
}
