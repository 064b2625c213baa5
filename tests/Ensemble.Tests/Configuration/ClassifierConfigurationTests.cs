using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ensemble.Tests;

/// <summary>Classifiers, embedding models and calibrations of voters, all from the configuration.</summary>
public class ClassifierConfigurationTests
{
    private const string Inline = """[ {"Text":"good a","Label":"yes"}, {"Text":"bad a","Label":"no"}, {"Text":"good b","Label":"yes"}, {"Text":"bad b","Label":"no"}, {"Text":"good c","Label":"yes"}, {"Text":"bad c","Label":"no"}, {"Text":"good d","Label":"yes"}, {"Text":"bad d","Label":"no"}, {"Text":"good e","Label":"yes"}, {"Text":"bad e","Label":"no"} ]""";

    [Test]
    public async Task Classifier_WithInlineExamples_IsAKeyedClient_AndDefers()
    {
        await using ServiceProvider services = Services($$"""
            "triage": { "Kind": "classify", "Members": "scorer, strong", "Examples": {{Inline}}, "TextWord": "Review", "LabelWord": "Liked", "Bags": 3, "Seed": 5, "DeferTo": "strong", "DeferBelow": { "LabelProbability": 0.9 } }
            """);
        IChatClient triage = services.GetRequiredKeyedService<IChatClient>("triage");
        Assert.That((await triage.GetResponseAsync("good film")).Text, Is.EqualTo("yes"));
        Assert.That((await triage.GetResponseAsync("hm")).GetReceipt()!.AnsweredBy, Is.EqualTo("strong"));
    }

    [TestCase("""{"text":"good","label":"yes"}""", "lines.jsonl", "too few")]
    [TestCase("not json", "lines.jsonl", "line 1")]
    [TestCase("{\"bags\":[]}", "data.json", "cannot be read")]
    [TestCase("{\"data\":{},\"voters\":[]}", "fit.json", "without voters")]
    public void ExamplesFile_ThatCannotBeUsed_IsSaidWithItsPath(string content, string name, string about)
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}-{name}");
        File.WriteAllText(path, content);
        string message = Problem($$""" "triage": { "Kind": "classify", "Members": "scorer", "Examples": "{{path.Replace('\\', '/')}}" } """);
        File.Delete(path);
        Assert.That(message, Does.Contain("Ensemble:Compositions:triage:Examples:"), about);
    }

    [TestCase("data")]
    [TestCase("lines")]
    [TestCase("fit")]
    public async Task ExamplesFile_OfEachShape_IsRead(string shape)
    {
        LabeledExample[] examples = [.. Enumerable.Range(0, 10).Select(i => new LabeledExample(i % 2 == 0 ? $"good {i}" : $"bad {i}", i % 2 == 0 ? "yes" : "no"))];
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}.txt");
        await using (FileStream file = File.Create(path))
        {
            if (shape == "fit")
            {
                TextClassifier fitted = await TextClassifier.FitAsync(Scorer(), null, BaggingData.FromExamples(examples, bags: 3));
                await fitted.SaveAsync(file);
            }
            else
            {
                string lines = string.Join('\n', examples.Select(e => $$"""{"text":"{{e.Text}}","label":"{{e.Label}}"}"""));
                string data = $$"""{"labels":["yes","no"],"examples":[{{lines.Replace("\n", ",", StringComparison.Ordinal)}}],"bags":[[0,1],[2,3]]}""";
                await file.WriteAsync(Encoding.UTF8.GetBytes(shape == "data" ? data : lines));
            }
        }

        await using ServiceProvider services = Services($$""" "triage": { "Kind": "classify", "Members": "scorer", "Examples": "{{path.Replace('\\', '/')}}" } """);
        Assert.That((await services.GetRequiredKeyedService<IChatClient>("triage").GetResponseAsync("bad film")).Text, Is.EqualTo("no"));
        File.Delete(path);
    }

    [TestCase(""" "Members": "scorer" """, "triage:Examples: missing")]
    [TestCase(""" "Members": "scorer", "Examples": "nowhere.jsonl" """, "triage:Examples: there is no file 'nowhere.jsonl'")]
    [TestCase(""" "Members": "scorer", "Examples": [ { "Text": "a" } ] """, "Examples:0: an example needs both Text and Label")]
    [TestCase(""" "Members": "scorer", "Examples": [ { "Text": "a", "Label": "x" }, { "Text": "b", "Label": "x" } ] """, "at least two labels")]
    [TestCase(""" "Members": "scorer, strong", "Examples": INLINE """, "2 language models")]
    [TestCase(""" "Examples": INLINE """, "nobody classifies")]
    [TestCase(""" "Members": "scorer", "Examples": INLINE, "DeferTo": "scorr" """, "DeferTo names 'scorr', which is no member. Did you mean 'scorer'?")]
    [TestCase(""" "Members": "scorer", "Examples": INLINE, "DeferBelow": { "LabelProbability": 0.5 } """, "nobody to defer to")]
    [TestCase(""" "Members": "scorer", "Examples": INLINE, "DeferBelow": { "Agreement": 0.5 } """, "DeferBelow:Agreement: unknown key")]
    [TestCase(""" "Members": "scorer", "Examples": INLINE, "Bags": 0 """, "Bags: '0' is not a whole number from 1 to 64")]
    [TestCase(""" "Embeddings": "e5", "Examples": INLINE, "Bags": 3 """, "triage:Bags: there are no voters to draw bags for")]
    [TestCase(""" "Examples": INLINE, "Embeddings": "e6" """, "triage:Embeddings: there is no embedding model 'e6'. Did you mean 'e5'?")]
    [TestCase(""" "Members": "scorer", "Examples": INLINE, "Bagz": 3 """, "triage:Bagz: unknown key. Did you mean 'Bags'?")]
    public void Mistakes_AreSaidWithPathValueAndFix(string keys, string message) =>
        Assert.That(Problem($$""" "triage": { "Kind": "classify", {{keys.Replace("INLINE", Inline, StringComparison.Ordinal)}} } """), Does.Contain(message));

    [Test]
    public async Task EmbeddingModelOfTheConfiguration_ServesClassifiersAndSemanticRoutes()
    {
        await using ServiceProvider services = Services($$"""
            "triage": { "Kind": "classify", "Embeddings": "e5", "Examples": {{Inline}} },
            "main": { "Kind": "semantic", "Members": "strong, other", "Embeddings": "e5", "Routes": { "strong": [ "good one", "good two" ] }, "Otherwise": "other" }
            """);
        ChatResponse label = await services.GetRequiredKeyedService<IChatClient>("triage").GetResponseAsync("bad film");
        ChatResponse routed = await services.GetRequiredKeyedService<IChatClient>("main").GetResponseAsync("good film");
        Assert.Multiple(() =>
        {
            Assert.That(label.Text, Is.EqualTo("no"));
            Assert.That(routed.GetReceipt()!.AnsweredBy, Is.EqualTo("strong"));
            Assert.That(routed.GetReceipt()!.Attempts[0].Member, Is.EqualTo("embeddings"));
            Assert.That(routed.GetReceipt()!.Attempts[0].InputTokens, Is.EqualTo(3), "the embedding's tokens are in the receipt");
            Assert.That(services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("e5"), Is.InstanceOf<GoodOrBad>());
        });
    }

    [TestCase("""{ "e5": { "Model": "x" } }""", "Embeddings:e5:Provider: missing")]
    [TestCase("""{ "e5": { "Provider": "fake", "Processing": "Atlantis" } }""", "Embeddings:e5:Processing: 'Atlantis' is no place")]
    [TestCase("""{ "e5": { "Provider": "fake", "DataPolicies": [ "NoTrainin" ] } }""", "Embeddings:e5:DataPolicies: 'NoTrainin' is unknown. Did you mean 'NoTraining'?")]
    [TestCase("""{ "e5": { "Provider": "fake", "SelfHosted": "often" } }""", "Embeddings:e5:SelfHosted: 'often' is not true or false")]
    [TestCase("""{ "e5": { "Provider": "fake", "Procesing": "KR" } }""", "Embeddings:e5:Procesing: unknown key. Did you mean 'Processing'?")]
    [TestCase("""{ "e5": { "Processing": "KR" } }""", "or register a keyed IEmbeddingGenerator<string, Embedding<float>> 'e5', which the keys here then describe")]
    [TestCase("""{ "e5": { "Provider": "clouds" } }""", "'clouds' makes no embedding models. Registered: fake")]
    [TestCase("""{ "e5": { "Provider": "fake", "Prefx": "q" } }""", "Embeddings:e5:Prefx: unknown key. Did you mean 'Prefix'?")]
    [TestCase("""{ "e5": { "Provider": "fake", "Prefix": "?" } }""", "Embeddings:e5:Prefix is '?'")]
    public void EmbeddingMistakes_AreSaidWithPathValueAndFix(string embeddings, string message) =>
        Assert.That(Problem(""" "main": { "Kind": "route", "Members": "strong" } """, embeddings), Does.Contain(message));

    [Test]
    public async Task CalibrationOfAVoter_IsReadInTheOrderOfTheChoices()
    {
        const string Panel = """ "jury": { "Kind": "panel", "Members": "scorer", "Choices": [ "yes", "no" ], "Rule": "meanProbability" CALIBRATION } """;
        await using ServiceProvider plain = Services(Panel.Replace("CALIBRATION", "", StringComparison.Ordinal));
        await using ServiceProvider calibrated = Services(Panel.Replace("CALIBRATION", """, "Calibrations": { "scorer": { "Slope": 1, "Bias": [ 0, 20 ] } }""", StringComparison.Ordinal));
        Assert.That((await plain.GetRequiredKeyedService<IChatClient>("jury").GetResponseAsync("good")).Text, Is.EqualTo("yes"));
        Assert.That((await calibrated.GetRequiredKeyedService<IChatClient>("jury").GetResponseAsync("good")).Text, Is.EqualTo("no"));
    }

    [TestCase(""" "Choices": [ "a", "b" ], "Calibrations": { "scorer": { "Bias": [ 1 ] } } """, "scorer:Bias: has 1 numbers; give one for each of the 2 Choices")]
    [TestCase(""" "Calibrations": { "scorer": { "Slope": 2 } } """, "a calibration is over Choices")]
    [TestCase(""" "Choices": [ "a", "b" ], "Calibrations": { "scorer": { "Slop": 2 } } """, "Slop: unknown key. Did you mean 'Slope'?")]
    public void CalibrationMistakes_AreSaidWithPathValueAndFix(string keys, string message) =>
        Assert.That(Problem($$""" "jury": { "Kind": "panel", "Members": "scorer", {{keys}} } """), Does.Contain(message));

    [Test]
    public async Task Panel_ComparesFreeAnswersWithTheEmbeddingModelThatIsNamed([Values] bool streaming)
    {
        await using ServiceProvider services = Services(""" "jury": { "Kind": "panel", "Members": "film, filmToo, mixed", "Embeddings": "e5", "UnrelatedBelow": 0.5 } """);
        Vote vote = (await services.GetRequiredKeyedService<IChatClient>("jury").AskAsync(streaming)).GetVote()!;
        Assert.That(vote.Counts, Is.EqualTo(new[] { KeyValuePair.Create("good film", 2.0), KeyValuePair.Create("Good film", 1.0) }));
    }

    [Test]
    public void Panel_TakesANewThresholdWhenItIsReloaded()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Ensemble:Embeddings:e5:Provider", "fake"),
            new("Ensemble:Compositions:jury:Kind", "panel"),
            new("Ensemble:Compositions:jury:Members", "film, mixed"),
            new("Ensemble:Compositions:jury:Embeddings", "e5"),
            new("Ensemble:Compositions:jury:UnrelatedBelow", "0.5"),
        ]).Build();
        using ServiceProvider services = Services(configuration);
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        int Groups() => clients.Get("jury").GetResponseAsync("?").GetAwaiter().GetResult().GetVote()!.Counts.Count;
        Assert.That(Groups(), Is.EqualTo(2), "the fake model calls them unrelated");
        configuration["Ensemble:Compositions:jury:UnrelatedBelow"] = "-1";
        configuration.Reload();
        Assert.That(Groups(), Is.EqualTo(1));
    }

    [Test]
    public async Task Reload_FitsAgainOnlyWhatHasChanged()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{TestContext.CurrentContext.Test.ID}.jsonl");
        void Write(string yes, string no) => File.WriteAllLines(path, Enumerable.Range(0, 8).Select(i => $$"""{"text":"{{(i % 2 == 0 ? "good" : "bad")}} {{i}}","label":"{{(i % 2 == 0 ? yes : no)}}"}"""));
        Write("yes", "no");
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Ensemble:Compositions:triage:Kind", "classify"),
            new("Ensemble:Compositions:triage:Members", "counted"),
            new("Ensemble:Compositions:triage:Examples", path),
            new("Ensemble:Compositions:triage:Bags", "3"),
        ]).Build();
        FakeScorer scorer = new(request => request.Query.Contains("good", StringComparison.Ordinal) ? [-1, -7] : [-7, -1]);
        ServiceCollection collection = new();
        collection.AddEnsemble(configuration).AddModel("counted", _ => FakeClient.Says("x").With<IContinuationScorer>(scorer));
        await using ServiceProvider services = collection.BuildServiceProvider();
        IChatClient triage = services.GetRequiredService<IEnsembleClients>().Get("triage");
        Assert.That((await triage.GetResponseAsync("a good film")).Text, Is.EqualTo("yes"));

        int before = scorer.Requests.Count;
        configuration["Ensemble:Compositions:triage:StopsEarly"] = "false";
        configuration.Reload();
        Assert.That((await triage.GetResponseAsync("a good film")).GetReceipt()!.Attempts, Has.Count.EqualTo(3), "the new setting holds");
        Assert.That(scorer.Requests.Count - before, Is.EqualTo(3), "and nothing was fitted again");

        Write("fine", "poor");
        configuration.Reload();
        Assert.That((await triage.GetResponseAsync("a good film")).Text, Is.EqualTo("fine"));
        File.Delete(path);
    }

    [TestCase(""" "Embeddings": "e6" """, "jury:Embeddings: there is no embedding model 'e6'. Did you mean 'e5'?")]
    [TestCase(""" "Embeddings": "e5", "Normalizer": "number" """, "jury:Embeddings: 'e5' compares free answers, and Normalizer already says how ballots are read; remove one of the two.")]
    [TestCase(""" "Embeddings": "e5", "Choices": [ "a", "b" ] """, "jury:Embeddings: 'e5' compares free answers, and Choices already says how ballots are read; remove one of the two.")]
    [TestCase(""" "Embeddings": "e5", "UnrelatedBelow": 2 """, "jury:UnrelatedBelow: '2' is not")]
    [TestCase(""" "UnrelatedBelow": 0.8 """, "jury:UnrelatedBelow: 0.8 compares nothing; name an embedding model in Embeddings")]
    public void ClustersThatCannotBe_AreSaidWithPathValueAndFix(string keys, string message) =>
        Assert.That(Problem($$""" "jury": { "Kind": "panel", "Members": "film, other", {{keys}} } """), Does.Contain(message));

    private static FakeClient Scorer() => FakeClient.Says("x").With<IContinuationScorer>(new FakeScorer(request =>
        (request.Query + string.Concat(request.Messages?.Select(message => message.Text) ?? [])) is var text && text.Contains("good", StringComparison.Ordinal) ? [-1, -7]
            : text.Contains("bad", StringComparison.Ordinal) ? [-7, -1] : [-1, -1.01]));

    private static string Problem(string compositions, string? embeddings = null)
    {
        using ServiceProvider services = Services(compositions, embeddings);
        return Assert.Catch<OptionsValidationException>(() => services.GetRequiredService<IEnsembleClients>().Get("nothing"))!.Message;
    }

    private static ServiceProvider Services(string compositions, string? embeddings = null)
    {
        string json = $$"""{ "Ensemble": { "Embeddings": {{embeddings ?? """{ "e5": { "Provider": "fake", "Model": "small", "Prefix": "query" } }"""}}, "Compositions": { {{compositions}} } } }""";
        return Services(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());
    }

    private static ServiceProvider Services(IConfiguration configuration)
    {
        ServiceCollection services = new();
        services.AddSingleton<IEmbeddingProvider, Embedder>();
        services.AddEnsemble(configuration)
            .AddModel("film", _ => FakeClient.Says("good film"))
            .AddModel("filmToo", _ => FakeClient.Says("It is a good film."))
            .AddModel("mixed", _ => FakeClient.Says("Good film"))
            .AddModel("scorer", _ => Scorer())
            .AddModel("strong", _ => FakeClient.Says("yes"))
            .AddModel("other", _ => FakeClient.Says("other"));
        return services.BuildServiceProvider();
    }

    private sealed class Embedder : IEmbeddingProvider
    {
        public string Name => "fake";

        public IReadOnlyCollection<string> SettingNames => ["Prefix"];

        public IEnumerable<string> CheckSettings(ModelRegistration model) => model.Settings.GetValueOrDefault("Prefix") == "?" ? [$"{model.Path}:Prefix is '?': give another."] : [];

        public IEmbeddingGenerator<string, Embedding<float>> CreateGenerator(ModelRegistration model, IServiceProvider services) => new GoodOrBad();
    }

    private sealed class GoodOrBad : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(text.Contains("good", StringComparison.Ordinal) ? new[] { 1f, 0f } : [0f, 1f])))
            {
                Usage = new UsageDetails { InputTokenCount = 3 },
            });

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
