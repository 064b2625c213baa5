using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Ensemble.Tests;

public class ConfigurationTests
{
    private const string Good = """
        { "Ensemble": { "Default": "jury",
          "Models": { "local": { "Provider": "fake", "Model": "tiny", "Temperament": "calm" }, "mini": { "Provider": "fake" } },
          "Compositions": {
            "jury": { "Kind": "panel", "Members": "local*2, mini", "Choices": [ "a", "b" ] },
            "main": { "Kind": "route", "Members": [ "jury", { "Model": "mini", "System": "Be brief.", "Examples": [ { "User": "1+1", "Assistant": "2" } ], "Seed": 7, "Temperature": 0 } ], "AttemptTimeoutSeconds": 30, "OnContentFilter": "next" } } } }
        """;

    [Test]
    public async Task Configuration_MakesModelsAndCompositions_AsKeyedClients()
    {
        FakeProvider provider = new();
        await using ServiceProvider services = Services(Good, provider);
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        ChatResponse response = await services.GetRequiredKeyedService<IChatClient>("main").GetResponseAsync("hello");
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(clients.DefaultName, Is.EqualTo("jury"));
            Assert.That(clients.Models.Select(m => (m.Name, m.Provider, m.Model)), Is.EqualTo(new[] { ("local", "fake", "tiny"), ("mini", "fake", null) }));
            Assert.That(clients.Models[0].Settings["temperament"], Is.EqualTo("calm"));
            Assert.That(clients.Compositions.Select(c => (c.Name, c.Kind)), Is.EqualTo(new[] { ("jury", "panel"), ("main", "route") }));
            Assert.That(receipt.AnsweredBy, Is.EqualTo("jury"));
            Assert.That(receipt.Attempts[0].Receipt!.Vote!.Ballots.Select(b => b.Voter), Is.EqualTo(new[] { "local#1", "local#2", "mini" }));
            Assert.That(services.GetRequiredKeyedService<IChatClient>("jury"), Is.SameAs(clients.Get("JURY")));
            Assert.That(services.GetRequiredService<IChatClient>().GetService<PanelChatClient>(), Is.SameAs(clients.Get("jury").GetService<PanelChatClient>()));
        });
    }

    [Test]
    public async Task CascadeOverAPanel_ReadsItsLimits()
    {
        await using ServiceProvider services = Services(
            """
            {"Ensemble":{"Models":{"a":{"Provider":"fake"},"b":{"Provider":"fake"},"c":{"Provider":"fake"}},
             "Compositions":{
               "jury":{"Kind":"panel","Members":"a, b, c","Normalizer":"exact","Rule":"quorum","RuleShare":0.6,"Weights":{"a":2},"Judge":"c","StopsEarly":false,"DeadlineSeconds":30},
               "main":{"Kind":"cascade","Members":"jury, c","DeferBelow":{"Agreement":0.9},"OnContentFilter":"next"}}}}
            """, new FakeProvider());
        Receipt receipt = (await services.GetRequiredService<IEnsembleClients>().Get("main").GetResponseAsync("hello")).GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That((receipt.Kind, receipt.AnsweredBy), Is.EqualTo(("cascade", "jury")));
            Assert.That(receipt.Attempts[0].Receipt!.Vote!.Ballots.Select(b => (b.Voter, b.Weight)), Is.EqualTo(new[] { ("a", 2.0), ("b", 1.0) }));
            Assert.That(receipt.Notes[0], Is.EqualTo("jury: agreement 1, 0.1 above 0.9"));
        });
    }

    [Test]
    public async Task MemberObject_IsAVariationOfItsModel()
    {
        FakeProvider provider = new();
        await using ServiceProvider services = Services(Good.Replace("[ \"jury\", {", "[ {", StringComparison.Ordinal), provider);
        _ = await services.GetRequiredService<IEnsembleClients>().Get("main").GetResponseAsync("hello");
        FakeCall call = provider.Made["mini"].Calls.Single();
        Assert.Multiple(() =>
        {
            Assert.That(call.Messages.Select(m => (m.Role, m.Text)), Is.EqualTo(new[]
            {
                (ChatRole.System, "Be brief."), (ChatRole.User, "1+1"), (ChatRole.Assistant, "2"), (ChatRole.User, "hello"),
            }));
            Assert.That((call.Options!.Seed, call.Options.Temperature), Is.EqualTo((7L, 0f)));
        });
    }

    [TestCase("""{"Models":"x"}""", "Ensemble:Models: expected sections with names")]
    [TestCase("""{"Models":{"m":{"Provider":"fake"}},"Compositions":"x"}""", "Ensemble:Compositions: expected sections with names")]
    [TestCase("""{"Models":{"m":{"Provider":"fake"}},"Tenants":"x"}""", "Ensemble:Tenants: expected sections with names")]
    [TestCase("""{"Default":"a","Models":{"m":{"Provider":"fake"}},"Compositions":{"a":{"Kind":"rout","Members":"m"},"b":{"Kind":"route","Members":"a"}}}""", "Ensemble:Compositions:a:Kind: 'rout' is unknown.")]
    public void OneMistake_IsOneError(string ensemble, string start)
    {
        using ServiceProvider services = Services($"{{\"Ensemble\":{ensemble}}}", new FakeProvider());
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => _ = services.GetRequiredService<IEnsembleClients>().Models)!;
        Assert.That(error.Failures.Single(), Does.StartWith(start));
    }

    // Each row: what is written, and what the message must say.
    [TestCase("""{"Models":{"a":{"Provider":"local"}}}""", "Ensemble:Models:a:Provider", "Ensemble.Onnx", "AddLocalModels()")]
    [TestCase("""{"Models":{"a":{"Provider":"openai"}}}""", "Ensemble.Providers", "AddProviders()")]
    [TestCase("""{"Models":{"a":{"Provider":"fakee"}}}""", "'fakee' is not registered", "Did you mean 'fake'?")]
    [TestCase("""{"Models":{"a":{}}}""", "Ensemble:Models:a:Provider: missing")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Temperment":"x"}}}""", "Ensemble:Models:a:Temperment: unknown key", "Did you mean 'Temperament'?")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Price":{"InputPerMillion":1}}}}""", "Ensemble:Models:a:Price: a price needs both InputPerMillion and OutputPerMillion")]
    [TestCase("""{"Budgets":{"b":{"Usd":5}}}""", "Ensemble:Budgets:b:Per: missing", "tenant, month")]
    [TestCase("""{"Budgets":{"b":{"Per":"request"}}}""", "Ensemble:Budgets:b:Usd: missing")]
    [TestCase("""{"Budgets":{"b":{"Usd":-1,"Per":"request"}}}""", "Ensemble:Budgets:b:Usd: '-1' is not a number from 0")]
    [TestCase("""{"Budgets":{"b":5}}""", "Ensemble:Budgets:b: '5' is no budget", "\"Usd\": 5")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"mnoth"}}}""", "Ensemble:Budgets:b:Per: 'mnoth' is unknown", "Did you mean 'month'?")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"day, month"}}}""", "Ensemble:Budgets:b:Per: 'day, month' names two of a kind")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"request day"}}}""", "a request has no calendar")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"month"}}}""", "Ensemble:Budgets:b: a budget of this kind must outlive the process", "AddSqliteLedger()")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"tenant"}}}""", "must outlive the process")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"month","TimeZone":"Asia/Soul"}}}""", "Ensemble:Budgets:b:TimeZone: 'Asia/Soul' is no time zone", "Did you mean 'Asia/Seoul'?")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"request","TimeZone":"UTC"}}}""", "Ensemble:Budgets:b:TimeZone: counts with a calendar only")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"request","OnExhausted":"locl"}},"Models":{"local":{"Provider":"fake"}}}""", "Ensemble:Budgets:b:OnExhausted: 'locl' is no model or composition", "Did you mean 'local'?")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"request","OnExausted":"refuse"}}}""", "Ensemble:Budgets:b:OnExausted: unknown key", "Did you mean 'OnExhausted'?")]
    [TestCase("""{"Budgets":{"team":{"Usd":5,"Per":"request"}},"Models":{"a":{"Provider":"fake"}},"Compositions":{"r":{"Kind":"route","Members":"a","Budget":"taem"}}}""", "Ensemble:Compositions:r:Budget: there is no budget 'taem'", "Did you mean 'team'?")]
    [TestCase("""{"Budgets":{"b":{"Usd":5,"Per":"request","OnExhausted":"c"}},"Models":{"a":{"Provider":"fake","Quality":0.5},"c":{"Provider":"fake"}},"Compositions":{"r":{"Kind":"route","Members":"a","MinQuality":0.4}}}""", "Ensemble:Budgets:b:OnExhausted: MinQuality needs the Quality")]
    [TestCase("""{"Tenants":{"t":{"x":5}}}""", "Ensemble:Tenants:t:x: unknown key", "Require")]
    [TestCase("""{"Modells":{"a":{}}}""", "Ensemble:Modells: unknown key", "Did you mean 'Models'?")]
    [TestCase("""{"Models":{"gpt-5":{"Provider":"fake"}}}""", "'gpt-5'", "letters A-Z, digits and underscores")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Compositions":{"A":{"Kind":"route","Members":"a"}}}""", "differs from 'a'", "in case only")]
    [TestCase("""{"Compositions":{"r":{"Kind":"cascade","Members":"a","DeferBelow":{"Agreement":0.5}}}}""", "Ensemble:Compositions:r:Members: 'a' is the only member", "Name the one that is asked next behind it")]
    [TestCase("""{"Compositions":{"r":{"Kind":"cascade","Members":"a"}}}""", "Ensemble:Compositions:r:DeferBelow: missing")]
    [TestCase("""{"Compositions":{"r":{"Kind":"cascade","Members":"a","DeferBelow":{"Agreemnt":0.5}}}}""", "DeferBelow:Agreemnt: unknown key", "Did you mean 'Agreement'?")]
    [TestCase("""{"Compositions":{"r":{"Kind":"cascade","Members":"a","DeferBelow":{"Agreement":1.5}}}}""", "DeferBelow:Agreement: '1.5' is not a number from 0 to 1")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","DeferBelow":{"Agreement":0.5}}}}""", "DeferBelow: unknown key")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","Rule":"pluralty"}}}""", "Rule: 'pluralty' is unknown", "Did you mean 'plurality'?")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","RuleShare":0.6}}}""", "RuleShare: counts with the rules quorum and trimmedMean only")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","Rule":"median","RuleShare":0.6}}}""", "RuleShare: counts with the rules quorum and trimmedMean only")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","Choices":["x","y"],"Calibrations":"a"}}}""", "Calibrations: 'a' is for nobody; write the calibrations by name")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","Rule":"quorum"}}}""", "RuleShare: quorum needs a share")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a*2, a","Judge":"a"}}}""", "Judge: 'a' is no member", "Name one of a#1, a#2, a#3")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a, b","Judge":"b"}}}""", "Judge: 'b' breaks ties", "'a' is the only member that votes; add a member, or remove the judge")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","Rule":"borda"}}}""", "Choices: missing; Rule 'borda' is over choices")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","Normalizer":"numbr"}}}""", "Did you mean 'number'?")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","Weights":{"a":-1}}}}""", "Weights:a: '-1' is not a number from 0")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"alpha, beta","Weights":{"alhpa":3}}}}""", "Ensemble:Compositions:r:Weights:alhpa: 'alhpa' is no voter. Did you mean 'alpha'?", "Name one of alpha, beta")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a, b","Judge":"b","Weights":{"B":3}}}}""", "Weights:B: 'B' is the judge, who does not vote")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","Weights":3}}}""", "Weights: '3' is for nobody")]
    [TestCase("""{"Compositions":{"r":{"Kind":"panel","Members":"a","Choices":["x","y"],"Calibrations":{"zz":{"Slope":2}}}}}""", "Calibrations:zz: 'zz' is no voter", "Name one of a.")]
    [TestCase("""{"Compositions":{"r":{"Kind":"rout","Members":"a"}}}""", "Did you mean 'route'?")]
    [TestCase("""{"Compositions":{"r":{"Members":"a"}}}""", "Ensemble:Compositions:r:Kind: missing")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route"}}}""", "Ensemble:Compositions:r:Members: empty")]
    [TestCase("""{"Models":{"local":{"Provider":"fake"}},"Compositions":{"r":{"Kind":"route","Members":"locale"}}}""", "'locale' is no model", "Did you mean 'local'?")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a*0"}}}""", "Ensemble:Compositions:r:Members: 'a*0' is no member")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"s"},"s":{"Kind":"panel","Members":"t"},"t":{"Kind":"route","Members":"r"}}}""", "r → s → t → r")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"r"}}}""", "asks itself")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Objective":"cheepest"}}}""", "Ensemble:Compositions:r:Objective: 'cheepest' is unknown", "Did you mean 'cheapest'?")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Choices":["x","y"]}}}""", "Ensemble:Compositions:r:Choices: unknown key")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","AttemptTimeoutSeconds":"soon"}}}""", "Ensemble:Compositions:r:AttemptTimeoutSeconds: 'soon' is not a number")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","OnContentFilter":"ask"}}}""", "OnContentFilter: write 'stop' or 'next'")]
    [TestCase("""{"Compositions":{"p":{"Kind":"panel","Members":"a","Choices":["x"]}}}""", "Ensemble:Compositions:p:Choices: give at least two")]
    [TestCase("""{"Compositions":{"p":{"Kind":"panel","Members":"a","Choices":"x, y"}}}""", "Ensemble:Compositions:p:Choices: expected an array")]
    [TestCase("""{"Compositions":{"p":{"Kind":"panel","Members":"a","Normalizer":"numbre"}}}""", "Did you mean 'number'?")]
    [TestCase("""{"Compositions":{"p":{"Kind":"panel","Members":"a","Normalizer":"number","Choices":["x","y"]}}}""", "Choices already say")]
    [TestCase("""{"Compositions":{"p":{"Kind":"panel","Members":[{"Model":"a","Temperatur":1}]}}}""", "Ensemble:Compositions:p:Members:0:Temperatur: unknown key", "Did you mean 'Temperature'?")]
    [TestCase("""{"Compositions":{"p":{"Kind":"panel","Members":[{"Model":"a","Temperature":3}]}}}""", "Ensemble:Compositions:p:Members:0:Temperature: '3' is not a number from 0 to 2")]
    [TestCase("""{"Compositions":{"p":{"Kind":"panel","Members":[{"Seed":1}]}}}""", "Ensemble:Compositions:p:Members:0: Model is missing")]
    [TestCase("""{"Compositions":{"p":{"Kind":"panel","Members":[{"Model":"a","Examples":[{"User":"q"}]}]}}}""", "Members:0:Examples:0: an example needs both")]
    [TestCase("""{"Default":"jurry","Models":{"jury":{"Provider":"fake"}}}""", "Ensemble:Default: 'jurry' is no model or composition", "Did you mean 'jury'?")]
    public void Mistake_IsNamedWithItsPathAndTheFix(string ensemble, params string[] parts)
    {
        using ServiceProvider services = Services($"{{\"Ensemble\":{ensemble}}}", new FakeProvider());
        string message = Failure(services).Message;
        Assert.Multiple(() =>
        {
            foreach (string part in parts)
            {
                Assert.That(message, Does.Contain(part));
            }
        });
    }

    [Test]
    public void AllMistakes_AreReportedTogether()
    {
        using ServiceProvider services = Services("""{"Ensemble":{"Budgets":{"x":1},"Models":{"a":{"Provider":"local"},"b":{"Provider":"openai"}}}}""", new FakeProvider());
        Assert.That(Failure(services).Failures.Count(), Is.EqualTo(3));
    }

    [Test]
    public void Mistakes_AreFoundWhenTheHostStarts_BeforeAnyModelIsMade()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddJsonStream(Stream("""{"Ensemble":{"Default":"nobody","Models":{"a":{"Provider":"fake"}}}}"""));
        FakeProvider provider = new();
        builder.Services.AddSingleton<IModelProvider>(provider);
        builder.AddEnsemble();
        using IHost host = builder.Build();
        Assert.That(() => host.StartAsync(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("nobody"));
        Assert.That(provider.Made, Is.Empty);
    }

    [TestCase("Ensemble:Compositions:p:Members:1", "mini")]
    [TestCase("Ensemble:Compositions:p:Choices:0", "x")]
    [TestCase("Ensemble:Compositions:p:Members:0:Seed", "4")]
    public void ArrayFromTwoSources_IsRefused(string key, string value)
    {
        const string Json = """{"Ensemble":{"Models":{"a":{"Provider":"fake"},"mini":{"Provider":"fake"}},"Compositions":{"p":{"Kind":"panel","Members":[{"Model":"a","Seed":1},"a"],"Choices":["a","b"]}}}}""";
        using ServiceProvider services = Services(Json, new FakeProvider(), new Dictionary<string, string?> { [key] = value });
        Assert.That(Failure(services).Message, Does.Contain("2 configuration sources").And.Contain("merged by index"));
    }

    [Test]
    public void MembersAsOneString_MayBeOverriddenByALaterSource()
    {
        using ServiceProvider services = Services(Good, new FakeProvider(), new Dictionary<string, string?> { ["Ensemble:Compositions:jury:Members"] = "mini*3" });
        Assert.That(services.GetRequiredService<IEnsembleClients>().Compositions[0].Members.Single().Count, Is.EqualTo(3));
    }

    [Test]
    public async Task Code_SaysWhatJsonSays_AndRunsIt()
    {
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(new FakeProvider());
        collection.AddEnsemble()
            .AddModel("local", m => m.Provider = "fake")
            .AddModel("own", _ => FakeClient.Says("mine"))
            .AddPanel("jury", "local*3", p => p.Normalizer = BallotNormalizer.ShortAnswer)
            .AddRouter("main", [new MemberOptions { Model = "jury" }, new MemberOptions { Model = "own" }])
            .SetDefault("main");
        await using ServiceProvider services = collection.BuildServiceProvider();
        ChatResponse response = await services.GetRequiredService<IChatClient>().GetResponseAsync("hello");
        Assert.Multiple(() =>
        {
            Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("jury"));
            Assert.That(response.GetReceipt()!.Attempts[0].Receipt!.Vote!.Agreement, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task OwnKeyedClient_MayBeAMember()
    {
        ServiceCollection collection = new();
        collection.AddKeyedSingleton<IChatClient>("mine", FakeClient.Says("my answer"));
        collection.AddEnsemble().AddRouter("main", "mine");
        await using ServiceProvider services = collection.BuildServiceProvider();
        Assert.That((await services.GetRequiredService<IChatClient>().GetResponseAsync("hello")).Text, Is.EqualTo("my answer"));
    }

    [Test]
    public async Task ConfigureClient_PutsMiddlewareAroundAModel_AndATypoInItsNameIsAnError()
    {
        bool seen = false;
        ServiceCollection collection = new();
        collection.AddEnsemble().AddModel("own", _ => FakeClient.Says("x"))
            .ConfigureClient("own", c => c.Use((messages, options, next, token) =>
            {
                seen = true;
                return next(messages, options, token);
            }));
        await using ServiceProvider services = collection.BuildServiceProvider();
        _ = await services.GetRequiredService<IChatClient>().GetResponseAsync("hello");
        ServiceCollection wrong = new();
        wrong.AddEnsemble().AddModel("own", _ => FakeClient.Says("x")).ConfigureClient("owm", _ => { });
        await using ServiceProvider broken = wrong.BuildServiceProvider();
        Assert.Multiple(() =>
        {
            Assert.That(seen, Is.True);
            Assert.That(Failure(broken).Message, Does.Contain("Did you mean 'own'?"));
        });
    }

    [Test]
    public async Task Container_DisposesLeaves_AndOnlyLeaves()
    {
        FakeClient own = FakeClient.Says("x");
        ServiceCollection collection = new();
        collection.AddEnsemble().AddModel("own", _ => own).AddPanel("jury", [new MemberOptions { Model = "own", Count = 3, Seed = 1 }]);
        await using (ServiceProvider services = collection.BuildServiceProvider())
        {
            IChatClient jury = services.GetRequiredKeyedService<IChatClient>("jury");
            _ = await jury.GetResponseAsync("hello");
            jury.Dispose();
            Assert.That(own.Disposals, Is.Zero);
        }

        Assert.That(own.Disposals, Is.EqualTo(1));
    }

    [Test]
    public void UnknownName_IsATypedErrorWithTheNearest()
    {
        using ServiceProvider services = Services(Good, new FakeProvider());
        Assert.That(() => services.GetRequiredService<IEnsembleClients>().Get("locla"), Throws.InstanceOf<EnsembleException>().With.Message.Contains("Did you mean 'local'?"));
    }

    [Test]
    public void SameNameInCodeAndConfiguration_IsRefused()
    {
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(new FakeProvider());
        collection.AddEnsemble(Configuration(Good)).AddModel("local", m => m.Provider = "fake");
        using ServiceProvider services = collection.BuildServiceProvider();
        Assert.That(Failure(services).Message, Does.Contain("the name 'local' is taken by Ensemble:Models:local"));
    }

    [Test]
    public void AddEnsembleTwice_BindsTheSameConfigurationOnce()
    {
        IConfiguration configuration = Configuration(Good);
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(new FakeProvider());
        collection.AddEnsemble(configuration);
        collection.AddEnsemble(configuration);
        using ServiceProvider services = collection.BuildServiceProvider();
        Assert.That(services.GetRequiredService<IEnsembleClients>().Models, Has.Count.EqualTo(2));
    }

    [Test]
    public void OptionOutOfRange_IsRefusedWhereItIsWritten()
    {
        IEnsembleBuilder builder = new ServiceCollection().AddEnsemble();
        Assert.Multiple(() =>
        {
            Assert.That(() => builder.AddRouter("r", "a", r => r.AttemptTimeout = TimeSpan.Zero), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => builder.AddPanel("p", "a", p => p.Choices = ["x"]), Throws.ArgumentException);
            Assert.That(() => builder.AddPanel("p", "a*x"), Throws.ArgumentException.With.Message.Contains("'a*x'"));
        });
    }

    private static OptionsValidationException Failure(ServiceProvider services)
    {
        try
        {
            _ = services.GetRequiredService<IEnsembleClients>().DefaultName;
        }
        catch (OptionsValidationException failure)
        {
            return failure;
        }

        throw new AssertionException("The configuration was taken although it is wrong.");
    }

    private static ServiceProvider Services(string json, FakeProvider provider, Dictionary<string, string?>? second = null)
    {
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(provider);
        collection.AddEnsemble(Configuration(json, second));
        return collection.BuildServiceProvider();
    }

    private static IConfigurationRoot Configuration(string json, Dictionary<string, string?>? second = null)
    {
        ConfigurationBuilder builder = new();
        builder.AddJsonStream(Stream(json));
        if (second is not null)
        {
            builder.AddInMemoryCollection(second);
        }

        return builder.Build();
    }

    private static MemoryStream Stream(string json) => new(Encoding.UTF8.GetBytes(json));
}
