using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests;

/// <summary>Budgets of the configuration in the container: who is limited, what follows when they are exhausted, and what a reload changes.</summary>
public class BudgetConfigurationTests
{
    private const string Models = """
        "Models": {
          "large": { "Provider": "fake", "Price": { "InputPerMillion": 0, "OutputPerMillion": 1000000 }, "Quality": 0.9, "Processing": "US" },
          "mini": { "Provider": "fake", "Price": { "InputPerMillion": 0, "OutputPerMillion": 100000 }, "Quality": 0.8, "Processing": "US" },
          "local": { "Provider": "fake", "Price": { "InputPerMillion": 0, "OutputPerMillion": 0 }, "Quality": 0.3, "Processing": "KR" }
        }
        """;

    // One token of output costs a dollar at large and ten cents at mini; every answer here may have 10 tokens.
    private static readonly ChatOptions TenTokens = new() { MaxOutputTokens = 10 };

    [Test]
    public async Task BudgetPerRequest_LimitsEachRequestWithAllThatIsNestedInIt([Values] bool streaming)
    {
        await using World world = new("""{ "each": { "Usd": 10.5, "Per": "request" } }""", """{ "jury": { "Kind": "panel", "Members": "large*3", "Choices": ["large", "x"] } }""");
        ChatResponse response = await world.AskAsync("jury", streaming);
        Assert.That(response.GetReceipt()!.Attempts.Count(attempt => attempt.Outcome is AttemptOutcome.Answered), Is.EqualTo(1), "the voters share one purse");
        Assert.That((await world.AskAsync("large", streaming)).Text, Is.EqualTo("large"), "the next request has its own purse");
    }

    [Test]
    public async Task MaxUsdOfARequest_IsSharedByThePanelsVoters([Values] bool streaming)
    {
        await using World world = new("{}", """{ "jury": { "Kind": "panel", "Members": "large*3", "Choices": ["large", "x"] } }""");
        ChatResponse response = await world.AskAsync("jury", streaming, TenTokens.WithEnsemble(r => r with { MaxUsd = 10.5m }));
        Assert.That(response.GetReceipt()!.Attempts.Count(attempt => attempt.Outcome is AttemptOutcome.Answered), Is.EqualTo(1));
    }

    [Test]
    public async Task ExhaustedBudget_DegradesToTheNamedMember([Values] bool streaming, [Values("large", "main", "jury", "steps")] string asked)
    {
        await using World world = new(
            """{ "each": { "Usd": 5, "Per": "request", "OnExhausted": "local" } }""",
            """
            { "main": { "Kind": "route", "Members": "large" }, "jury": { "Kind": "panel", "Members": "large*3", "Choices": ["local", "large"] },
              "steps": { "Kind": "cascade", "Members": "large*2", "DeferBelow": { "ValidJson": true } } }
            """);
        ChatResponse response = await world.AskAsync(asked, streaming);
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("local"));
            Assert.That(receipt.AnsweredBy, Is.EqualTo("local"));
            Assert.That(receipt.Degraded, Is.True);
            Assert.That(receipt.Notes, Has.Some.EqualTo("budget 'each' is exhausted, and local answered instead"));
            Assert.That(receipt.ToString(), Does.Contain("budget 'each' is exhausted, and local answered instead").And.Contain("degraded"));
            Assert.That(receipt.CostUsd, Is.Zero);
            Assert.That(world.Calls("large"), Is.Zero, "what cannot be paid is not called");
            Assert.That(world.Calls("local"), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task ExhaustedBudget_DegradesARequestOfOneAttemptToo([Values] bool streaming, [Values("large", "main")] string asked)
    {
        // What cannot be paid was never sent.
        await using World world = new("""{ "each": { "Usd": 5, "Per": "request", "OnExhausted": "local" } }""", """{ "main": { "Kind": "route", "Members": "large" } }""");
        ChatResponse response = await world.AskAsync(asked, streaming, TenTokens.WithEnsemble(request => request with { MaxAttempts = 1 }));
        Assert.That((response.Text, world.Calls("local")), Is.EqualTo(("local", 1)));
    }

    [Test]
    public async Task CheaperMemberOfTheRoute_ComesBeforeTheBudgetsMember([Values] bool streaming)
    {
        await using World world = new("""{ "each": { "Usd": 5, "Per": "request", "OnExhausted": "local" } }""", """{ "main": { "Kind": "route", "Members": "large, mini" } }""");
        ChatResponse response = await world.AskAsync("main", streaming);
        Assert.That(response.Text, Is.EqualTo("mini"));
        Assert.That(world.Calls("local"), Is.Zero);
    }

    [Test]
    public async Task WhatARequestSpentBefore_StaysInItsPurseAndOnItsReceipt([Values] bool streaming)
    {
        // The first member is paid for and says nothing; the second cannot be paid any more; a dollar is left for the third.
        await using World world = new(
            """{ "each": { "Usd": 11, "Per": "request", "OnExhausted": "mini" } }""", """{ "main": { "Kind": "route", "Members": "broken, large" } }""");
        ChatResponse response = await world.AskAsync("main", streaming);
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.CostUsd, Is.GreaterThanOrEqualTo(10m).And.LessThanOrEqualTo(11m));
            Assert.That(receipt.Attempts.Select(attempt => attempt.Member), Is.EqualTo(new[] { "broken", "large", "mini" }));
            Assert.That(receipt.AnsweredBy, Is.EqualTo("mini"));
        });
    }

    [Test]
    public async Task MemberThatStepsIn_ObeysTheRulesOfTheRoute([Values] bool streaming)
    {
        await using World world = new(
            """{ "each": { "Usd": 5, "Per": "request", "OnExhausted": "local" } }""",
            """{ "main": { "Kind": "route", "Members": "large", "Require": { "Regions": ["US"] } } }""");
        Exception? error = await world.ErrorAsync("main", streaming);
        Assert.Multiple(() =>
        {
            Assert.That(error, Is.TypeOf<BudgetExceededException>());
            Assert.That(((EnsembleException)error!).Receipt!.Notes, Has.Some.Contains("local may not answer instead"));
            Assert.That(world.Calls("local"), Is.Zero);
        });
    }

    [Test]
    public async Task MemberThatStepsIn_AnswersWhereTheRulesAllowIt([Values] bool streaming)
    {
        await using World world = new(
            """{ "each": { "Usd": 5, "Per": "request", "OnExhausted": "local" } }""",
            """{ "main": { "Kind": "route", "Members": "large", "MinQuality": 0.2 } }""");
        ChatResponse response = await world.AskAsync("main", streaming);
        Assert.That(response.Text, Is.EqualTo("local"));
        Assert.That(response.GetReceipt()!.Attempts[^1].Member, Is.EqualTo("local"));
    }

    [Test]
    public async Task ConversationThatAProviderKeeps_IsNotGivenToAnotherMember([Values] bool streaming)
    {
        await using World world = new("""{ "each": { "Usd": 5, "Per": "request", "OnExhausted": "local" } }""", """{ "main": { "Kind": "route", "Members": "large" } }""");
        Assert.That(await world.ErrorAsync("main", streaming, new ChatOptions { MaxOutputTokens = 10, ConversationId = "c1" }), Is.TypeOf<BudgetExceededException>());
        Assert.That(world.Calls("local"), Is.Zero);
    }

    [Test]
    public async Task Callback_LetsACallPass_AndTheReceiptSaysSo([Values] bool streaming)
    {
        List<BudgetQuestion> asked = [];
        await using World world = new("""{ "each": { "Usd": 5, "Per": "request" } }""", "{}", (question, _) =>
        {
            asked.Add(question);
            return new(BudgetDecision.Allow);
        });
        ChatResponse response = await world.AskAsync("large", streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response.Text, Is.EqualTo("large"));
            Assert.That(response.GetReceipt()!.Attempts[0].Note, Does.Contain("budget 'each' was exhausted, and this call was allowed to pass it"));
            Assert.That(asked, Has.Count.EqualTo(1));
            Assert.That((asked[0].Model, asked[0].AskedUsd, asked[0].Budget.Usd), Is.EqualTo(("large", 10m, 5m)));
        });
    }

    [Test]
    public async Task Callback_RefusesOrNamesAMember([Values] bool streaming, [Values] bool degrades)
    {
        await using World world = new("""{ "each": { "Usd": 5, "Per": "request" } }""", "{}", (_, _) => new(degrades ? BudgetDecision.DegradeTo("local") : BudgetDecision.Refuse));
        Exception? error = await world.ErrorAsync("large", streaming);
        Assert.That(error, degrades ? Is.Null : Is.TypeOf<BudgetExceededException>());
        Assert.That((world.Calls("large"), world.Calls("local")), Is.EqualTo((0, degrades ? 1 : 0)));
    }

    [Test]
    public async Task AllowedCall_IsBookedInFull_AndTheBudgetStaysExhausted([Values] bool streaming)
    {
        MemoryLedgerStore store = new();
        int left = 1;
        await using World world = new("""{ "all": { "Usd": 0.5, "Per": "day" } }""", "{}", (_, _) => new(left-- > 0 ? BudgetDecision.Allow : BudgetDecision.Refuse), store);
        await world.AskAsync("large", streaming);
        BudgetBalance balance = (await world.Ledger.GetBalancesAsync(new SpendContext())).Single();
        Assert.That(balance.SpentUsd, Is.EqualTo(1m), "one token of output");
        Assert.That(balance.LeftUsd, Is.Zero);
        Assert.That(await world.ErrorAsync("large", streaming), Is.TypeOf<BudgetExceededException>());
    }

    [Test]
    public async Task MonthOfATimeZone_StartsAnewAtItsMidnight([Values] bool streaming)
    {
        // 23:30 on 30 November in Seoul.
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 30, 14, 30, 0, TimeSpan.Zero));
        await using World world = new("""{ "monthly": { "Usd": 10, "Per": "month", "TimeZone": "Asia/Seoul" } }""", "{}", store: new MemoryLedgerStore(), time: time);
        await world.AskAsync("large", streaming);
        Exception? error = await world.ErrorAsync("large", streaming);
        Assert.That(error, Is.TypeOf<BudgetExceededException>().With.Property(nameof(BudgetExceededException.ResetsAt)).EqualTo(new DateTimeOffset(2026, 11, 30, 15, 0, 0, TimeSpan.Zero)));
        time.Advance(TimeSpan.FromMinutes(31));
        Assert.That((await world.AskAsync("large", streaming)).Text, Is.EqualTo("large"));
    }

    [Test]
    public async Task EachTenantAndEachModel_HasItsOwnAccount([Values] bool streaming)
    {
        await using World world = new("""{ "byTenant": { "Usd": 10, "Per": "tenant, day" } }""", "{}", store: new MemoryLedgerStore());
        ChatOptions acme = TenTokens.WithEnsemble(r => r with { Tenant = "acme" });
        await world.AskAsync("large", streaming, acme);
        Assert.That(await world.ErrorAsync("large", streaming, acme), Is.TypeOf<BudgetExceededException>());
        Assert.That(await world.ErrorAsync("large", streaming, TenTokens.WithEnsemble(r => r with { Tenant = "ACME" })), Is.TypeOf<BudgetExceededException>(), "as tenants compare");
        Assert.That((await world.AskAsync("large", streaming, TenTokens.WithEnsemble(r => r with { Tenant = "other" }))).Text, Is.EqualTo("large"));
    }

    [Test]
    public async Task ConversationOfTheApplication_HasItsAccount_AndDegrades([Values] bool streaming, [Values("large", "main")] string asked)
    {
        await using World world = new("""{ "talk": { "Usd": 10.5, "Per": "conversation", "OnExhausted": "local" } }""", """{ "main": { "Kind": "route", "Members": "large" } }""");
        ChatOptions talk = TenTokens.WithEnsemble(r => r with { Conversation = "talk-1" });
        Assert.That((await world.AskAsync(asked, streaming, talk)).Text, Is.EqualTo("large"));
        Assert.That((await world.AskAsync(asked, streaming, talk)).Text, Is.EqualTo("local"), "the next turn is no longer paid for");
        Assert.That((await world.AskAsync(asked, streaming, TenTokens.WithEnsemble(r => r with { Conversation = "talk-2" }))).Text, Is.EqualTo("large"));
        Assert.That((await world.Ledger.GetBalancesAsync(new SpendContext { ConversationId = "talk-1" })).Single().SpentUsd, Is.EqualTo(1m));
    }

    [Test]
    public async Task BudgetOfAComposition_LimitsItAlone([Values] bool streaming)
    {
        await using World world = new("""{ "team": { "Usd": 5, "Per": "request" } }""", """{ "main": { "Kind": "route", "Members": "large", "Budget": "team" }, "outer": { "Kind": "route", "Members": "main" } }""");
        Assert.That((await world.AskAsync("large", streaming)).Text, Is.EqualTo("large"), "nobody named the budget for it");
        Assert.That(await world.ErrorAsync("main", streaming), Is.TypeOf<BudgetExceededException>());
        Assert.That(await world.ErrorAsync("outer", streaming), Is.InstanceOf<EnsembleException>(), "also where the composition is a member");
        Assert.That(world.Calls("large"), Is.EqualTo(1));
    }

    [Test]
    public async Task Reload_ChangesTheCap_AndKeepsWhatWasSpent([Values] bool streaming)
    {
        await using World world = new("""{ "all": { "Usd": 10.5, "Per": "day" } }""", "{}", store: new MemoryLedgerStore());
        await world.AskAsync("large", streaming);
        Assert.That(await world.ErrorAsync("large", streaming), Is.TypeOf<BudgetExceededException>());
        world.Reload("""{ "all": { "Usd": 12, "Per": "day" } }""");
        await world.AskAsync("large", streaming);
        Assert.That((await world.Ledger.GetBalancesAsync(new SpendContext())).Single().SpentUsd, Is.EqualTo(2m));
        world.Reload("""{ "all": { "Usd": 12, "Per": "dya" } }""");
        Assert.That(world.Ledger.Budgets.Single().Per, Is.EqualTo(BudgetPeriod.Day), "an invalid change leaves the old caps in force");
    }

    [Test]
    public async Task AnswerThatTheBudgetCannotPayAtAll_IsRefused_NeverCutToAWord([Values] bool streaming)
    {
        await using World world = new("""{ "each": { "Usd": 3, "Per": "request", "OnExhausted": "local" } }""", "{}");
        Assert.That((await world.AskAsync("large", streaming, new ChatOptions())).Text, Is.EqualTo("local"), "three tokens are no answer");
    }

    [Test]
    public async Task BudgetsAndCallbacksInCode_AreThoseOfJson()
    {
        ServiceCollection services = new();
        services.AddEnsemble()
            .AddModel("large", _ => FakeClient.Says("large"), model => model.Price = new Price { InputPerMillion = 0, OutputPerMillion = 1_000_000 })
            .AddModel("local", _ => FakeClient.Says("local"), model => model.Price = Price.Local)
            .AddRouter("main", "large")
            .AddBudget(new Budget("team", 5) { Scope = BudgetScope.Request, OnExhausted = BudgetDecision.DegradeTo("local") }, "main");
        await using ServiceProvider provider = services.BuildServiceProvider();
        ChatResponse response = await provider.GetRequiredKeyedService<IChatClient>("main").GetResponseAsync("hello", TenTokens);
        Assert.That(response.Text, Is.EqualTo("local"));
    }

    [Test]
    public async Task MemberThatStepsIn_ObeysWhatEveryRouteBelowLooksFor_AndTheTenantsOfEach([Values("badge 7", "ward 3", "bank")] string kept, [Values] bool streaming)
    {
        FakeClient cheap = FakeClient.Says("cheap");
        static void Keep(RouterOptions options, string word, params (string Name, Requirements Rules)[] tenants) => options.Selection = new()
        {
            Requirements = new() { KeepLocal = SensitiveData.Custom },
            SensitiveTextDetector = text => text.Contains(word, StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None,
            Tenants = tenants.ToDictionary(tenant => tenant.Name, tenant => tenant.Rules),
        };
        ServiceCollection services = new();
        services.AddEnsemble()
            .AddModel("large", _ => FakeClient.Says("large"), model => (model.Price, model.SelfHosted, model.Card.ContextWindow) = (new Price { InputPerMillion = 0, OutputPerMillion = 1_000_000 }, true, 8_000))
            .AddModel("cheap", _ => cheap, model => (model.Price, model.Card.ContextWindow) = (Price.Local, 8_000))
            .AddRouter("first", "large", options => Keep(options, "badge 7"))
            .AddRouter("second", "large", options => Keep(options, "ward 3", ("bank", new() { Placement = Placement.OnlyLocal })))
            .AddRouter("main", "first, second")
            .AddBudget(new Budget("team", 5) { Scope = BudgetScope.Request, OnExhausted = BudgetDecision.DegradeTo("cheap") }, "main");
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient main = provider.GetRequiredKeyedService<IChatClient>("main");
        ChatOptions options = kept == "bank" ? new ChatOptions { MaxOutputTokens = 10 }.WithEnsemble(request => request with { Tenant = "bank" }) : TenTokens;
        Assert.That(async () => await main.AskAsync(streaming, kept, options), Throws.InstanceOf<BudgetExceededException>());
        Assert.That(cheap.Calls, Is.Empty);
        Assert.That((await main.AskAsync(streaming, "neither", TenTokens)).Text, Is.EqualTo("cheap"));
    }

    private sealed class World : IAsyncDisposable
    {
        private readonly NamedProvider _fake = new();
        private readonly ServiceProvider _services;
        private readonly string _compositions;
        private readonly ReloadableSource _source;

        public World(string budgets, string compositions, BudgetCallback? decide = null, ILedgerStore? store = null, TimeProvider? time = null)
        {
            _compositions = compositions;
            _source = new ReloadableSource(Parse(budgets));
            IConfigurationRoot configuration = new ConfigurationBuilder().Add(_source).Build();
            ServiceCollection services = new();
            services.AddSingleton<IModelProvider>(_fake);
            if (store is not null)
            {
                services.AddSingleton(store);
            }

            if (time is not null)
            {
                services.AddSingleton(time);
            }

            IEnsembleBuilder ensemble = services.AddEnsemble(configuration)
                .AddModel("broken", _ => FakeClient.Sends(Nothing()), model => model.Price = new Price { InputPerMillion = 0, OutputPerMillion = 1_000_000 });
            if (decide is not null)
            {
                ensemble.OnBudgetExhausted(configuration.GetSection("Ensemble:Budgets").GetChildren().Single().Key, decide);
            }

            _services = services.BuildServiceProvider();
        }

        // Ten tokens that were paid for, and no text.
        private static ChatResponseUpdate Nothing() => new(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = 1, OutputTokenCount = 10 })]) { FinishReason = ChatFinishReason.Stop };

        public Ledger Ledger => _services.GetRequiredService<IEnsembleClients>().Ledger!;

        public int Calls(string model) => _fake.Made.Where(made => made.Name == model).Sum(made => made.Calls);

        public async Task<ChatResponse> AskAsync(string name, bool streaming, ChatOptions? options = null)
        {
            IChatClient client = _services.GetRequiredService<IEnsembleClients>().Get(name);
            options ??= TenTokens;
            return streaming ? await client.GetStreamingResponseAsync("hello", options).ToChatResponseAsync() : await client.GetResponseAsync("hello", options);
        }

        public async Task<Exception?> ErrorAsync(string name, bool streaming, ChatOptions? options = null)
        {
            try
            {
                await AskAsync(name, streaming, options);
                return null;
            }
            catch (EnsembleException error)
            {
                return error;
            }
        }

        public void Reload(string budgets) => _source.Change(Parse(budgets));

        public ValueTask DisposeAsync() => _services.DisposeAsync();

        private Dictionary<string, string?> Parse(string budgets)
        {
            string json = $$"""{ "Ensemble": { "Budgets": {{budgets}}, "Compositions": {{_compositions}}, {{Models}} } }""";
            return new(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build().AsEnumerable(), StringComparer.OrdinalIgnoreCase);
        }
    }

    private sealed class ReloadableSource(Dictionary<string, string?> data) : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override void Load() => Data = data;

        public void Change(Dictionary<string, string?> changed)
        {
            Data = changed;
            OnReload();
        }
    }
}
