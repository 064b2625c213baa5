using System.Text;
using CsCheck;
using Ensemble.Tests.Selection;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests;

/// <summary>What a request or its tenant requires holds for everything that would call a model, not only for routes that choose.</summary>
internal sealed class RequestRulesTests
{
    private const string Mail = "write to ada@example.com";

    private const string Models = """
        "Models": {
          "loc": { "Provider": "inprocess", "Quality": 0.4 },
          "mini": { "Provider": "fake", "Price": { "InputPerMillion": 1, "OutputPerMillion": 4 }, "Quality": 0.7, "Processing": "eastus" },
          "big": { "Provider": "fake", "Price": { "InputPerMillion": 5, "OutputPerMillion": 20 }, "Quality": 0.9, "Processing": "swedencentral",
                   "Deployments": { "one": {}, "two": {} } } },
        "Tenants": { "bank": { "Require": { "Placement": "OnlyLocal" } }, "shop": { "Require": { "KeepLocal": "Email" } } },
        "Compositions": {
          "route": { "Kind": "route", "Members": "mini, big, loc" },
          "cheapest": { "Kind": "route", "Members": "mini, big, loc", "Objective": "best" },
          "hedged": { "Kind": "route", "Members": "mini, big, loc", "Hedging": { "MinimumSamples": 1 } },
          "panel": { "Kind": "panel", "Members": "mini, big, loc" },
          "varied": { "Kind": "panel", "Members": [ { "Model": "mini", "Name": "v", "Count": 2, "System": "Be short." }, { "Model": "loc", "Temperature": 0.5 } ] },
          "judged": { "Kind": "panel", "Members": "loc, mini, big", "Judge": "mini" },
          "cascade": { "Kind": "cascade", "Members": "mini, loc", "DeferBelow": { "Agreement": 0.5 } },
          "nested": { "Kind": "panel", "Members": "route, cascade" },
          "deep": { "Kind": "panel", "Members": "nested, mini" } }
        """;

    private static readonly string[] Kinds = ["route", "choosing", "hedged", "panel", "judged", "cascade"];

    private static readonly string[] Compositions = ["route", "cheapest", "hedged", "panel", "varied", "judged", "cascade", "nested", "deep", "code", "codechoosing"];

    private static readonly SelectionMember[] Three =
    [
        Choosing.Member("mini", input: 0.1m, output: 0.4m, quality: 0.6, deployments: [new Deployment { Name = "mini", Processing = "US", DataPolicies = DataPolicies.NoTraining }]),
        Choosing.Member("big", input: 5m, output: 25m, quality: 0.9, deployments: [new Deployment { Name = "big", Processing = "KR" }]),
        Choosing.Member("loc", quality: 0.4, deployments: [new Deployment { Name = "loc", InProcess = true }]),
    ];

    private readonly NamedProvider _hosted = new();

    [Test]
    public async Task WhatARequestRequires_HoldsInEveryComposition([ValueSource(nameof(Compositions))] string name, [Values(0, 1, 2, 3)] int rule, [Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        Requirements required = rule switch
        {
            0 => new() { Placement = Placement.OnlyLocal },
            1 => new() { KeepLocal = SensitiveData.All },
            2 => new() { Regions = ["KR"] },
            _ => new() { Deny = ["MINI", "big"] },
        };
        ChatResponse response = await Client(services, name).AskAsync(streaming, Mail, new ChatOptions().WithEnsemble(r => r with { Requirements = required }));
        Assert.That(response.Text, Is.EqualTo("loc"));
        Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Zero);
    }

    [Test]
    public async Task WhatATenantRequires_HoldsInEveryComposition([ValueSource(nameof(Compositions))] string name, [Values("bank", "shop")] string tenant, [Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        ChatResponse response = await Client(services, name).AskAsync(streaming, Mail, new ChatOptions().WithEnsemble(r => r with { Tenant = tenant }));
        Assert.That(response.Text, Is.EqualTo("loc"));
        Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Zero);
    }

    [Test]
    public async Task AModelThatIsAskedByItsName_ObeysToo([Values("mini", "big")] string name, [Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        ChatOptions bank = new ChatOptions().WithEnsemble(r => r with { Tenant = "bank" });
        NoEligibleModelException error = (await Assert.ThrowsAsync<NoEligibleModelException>(() => Client(services, name).AskAsync(streaming, options: bank)))!;
        Assert.That(error.Message, Does.Contain(name).And.Contain("only local models are allowed"));
        Assert.That(error.Receipt, Is.Not.Null);
        Assert.That(error.Refusals.Select(refusal => refusal.Rules), Has.All.EqualTo(ConstraintRules.Placement));
        Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Zero);
        Assert.That((await Client(services, "loc").AskAsync(streaming, options: bank)).Text, Is.EqualTo("loc"));
    }

    [Test]
    public async Task WhenNobodyIsLeft_TheErrorListsEveryModelAndItsRule([Values("route", "cheapest", "panel", "cascade")] string name, [Values] bool streaming)
    {
        string members = name == "cascade" ? "mini, loc" : "mini, big, loc";
        await using ServiceProvider services = Services();
        ChatOptions options = new ChatOptions().WithEnsemble(r => r with { Tenant = "bank", Requirements = new() { Placement = Placement.OnlyCloud } });
        NoEligibleModelException error = (await Assert.ThrowsAsync<NoEligibleModelException>(() => Client(services, name).AskAsync(streaming, options: options)))!;
        Assert.That(error.Message, Does.StartWith(name + ": no model may answer"));
        Assert.That(error.Receipt?.Name, Is.EqualTo(name));
        foreach (string member in members.Split(", "))
        {
            Assert.That(error.Refusals.Select(refusal => refusal.Member).Concat(error.Refusals.Select(refusal => refusal.Deployment)), Has.Some.EqualTo(member));
        }
    }

    // What is explained, on whose behalf, and who would be asked.
    [TestCase("route", null, "mini, big, loc")]
    [TestCase("route", "bank", "loc")]
    [TestCase("panel", "bank", "loc")]
    [TestCase("varied", "bank", "loc")]
    [TestCase("varied", null, "v*2, loc")]
    [TestCase("cascade", "bank", "loc")]
    [TestCase("nested", "bank", "route, cascade")]
    [TestCase("deep", "bank", "nested")]
    [TestCase("mini", "bank", "")]
    [TestCase("big", "bank", "")]
    [TestCase("loc", "bank", "loc")]
    public void Explain_SaysOfEveryKindWhoWouldBeAsked_WithPricesAndVerdicts(string name, string? tenant, string plan)
    {
        using ServiceProvider services = Services();
        RouteExplanation explained = services.GetRequiredService<IEnsembleClients>().Explain(name, [new ChatMessage(ChatRole.User, Mail)], new ChatOptions().WithEnsemble(r => r with { Tenant = tenant }));
        Assert.Multiple(() =>
        {
            Assert.That(string.Join(", ", explained.Plan), Is.EqualTo(plan));
            Assert.That(explained.Note, plan.Length == 0 ? Does.Contain("nobody qualifies") : Does.Not.Contain("nobody qualifies"));
            Assert.That(explained.Candidates.Where(candidate => !candidate.Deployment.InProcess).Select(candidate => candidate.Rank is null), Is.All.EqualTo(tenant is not null));
            Assert.That(explained.Candidates.SelectMany(candidate => candidate.Verdicts).Where(verdict => verdict.Rule == "Placement").Select(verdict => verdict.Words), Is.All.EqualTo(tenant is null ? "not set" : "passes").Or.EqualTo("only local models are allowed"));
            Assert.That(explained.Candidates.SelectMany(candidate => candidate.Verdicts).Where(verdict => verdict.Rule == "Residency").Select(verdict => verdict.Words), Is.All.EqualTo("not set"));
            Assert.That(explained.Candidates.Select(candidate => candidate.ExpectedUsd), Is.All.Not.Null);
            Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Zero);
        });
    }

    [Test]
    public void Explain_UnfoldsWhatIsNested()
    {
        using ServiceProvider services = Services();
        RouteExplanation deep = services.GetRequiredService<IEnsembleClients>().Explain("deep", [new ChatMessage(ChatRole.User, Mail)], new ChatOptions().WithEnsemble(r => r with { Tenant = "bank" }));
        RouteExplanation nested = deep.Nested.Single();
        Assert.That(nested.Name, Is.EqualTo("nested"));
        Assert.That(nested.Nested.Select(inner => $"{inner.Name}: {string.Join(", ", inner.Plan)}"), Is.EqualTo(new[] { "route: loc", "cascade: loc" }));
        Assert.That(deep.ToString(), Does.Contain("cascade (cascade): ").And.Contain("only local models are allowed"));
        RouteExplanation nobody = services.GetRequiredService<IEnsembleClients>().Explain("nested", [new ChatMessage(ChatRole.User, Mail)], new ChatOptions().WithEnsemble(r => r with { Tenant = "bank", Requirements = new() { Placement = Placement.OnlyCloud } }));
        Assert.That(nobody.Plan, Is.Empty);
    }

    [Test]
    public async Task ARefusal_IsNoFailure_AndCostsTheModelNothing([Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        IChatClient route = Client(services, "code");
        for (int i = 0; i < 5; i++)
        {
            ChatResponse refused = await route.AskAsync(streaming, options: new ChatOptions().WithEnsemble(r => r with { Requirements = new() { Deny = ["mini"] }, MaxAttempts = 2 }));
            Assert.That(refused.Text, Does.StartWith("big/"));
            Assert.That(refused.GetReceipt()!.Degraded, Is.False);
            Assert.That(refused.GetReceipt()!.Notes, Has.One.EqualTo("rules: mini was not asked (Tenant)"));
        }

        ChatResponse free = await route.AskAsync(streaming);
        Assert.That(free.Text, Is.EqualTo("mini"));
        Assert.That(free.GetReceipt()!.Notes, Is.Empty);
    }

    [Test]
    public async Task AfterAFailure_TheNextThatIsAllowedIsAsked_AndNobodyElse([Values] bool streaming)
    {
        FakeClient[] clients = [FakeClient.Throws(new HttpRequestException("no", null, System.Net.HttpStatusCode.TooManyRequests)), FakeClient.Says("big"), FakeClient.Says("loc")];
        RouterChatClient router = new("main", Three.Select((m, i) => new Member(m.Name, clients[i].AsModel(m))));
        ChatResponse response = await router.AskAsync(streaming, options: Required(new() { DataPolicies = DataPolicies.NoTraining }));
        Assert.That(response.Text, Is.EqualTo("loc"));
        Assert.That(clients[1].Calls, Is.Empty);
    }

    [Test]
    public async Task AClientOfWhichNothingIsKnown_IsRefused_WithTheFix([Values] bool streaming, [Values("route", "panel", "cascade")] string kind)
    {
        FakeClient client = FakeClient.Says("yes");
        IChatClient composition = Compose(kind, [new Member("mine", client)]);
        NoEligibleModelException error = (await Assert.ThrowsAsync<NoEligibleModelException>(() => composition.AskAsync(streaming, options: Required(new() { Placement = Placement.OnlyCloud }))))!;
        Assert.That(error.Message, Does.Contain("mine: the request has rules, and nothing is known of this client").And.Contain("AsModel(new SelectionMember").And.Contain("AddModel"));
        Assert.That(error.Refusals.Single().Rules, Is.EqualTo(ConstraintRules.Undescribed));
        Assert.That(client.Calls, Is.Empty);
        Assert.That((await composition.AskAsync(streaming, options: new ChatOptions().WithEnsemble(r => r with { Domain = "law" }))).Text, Is.EqualTo("yes"));
        Assert.That((await Compose(kind, [new Member("mine", client.AsModel(Three[1]))]).AskAsync(streaming, options: Required(new() { Placement = Placement.OnlyCloud, Regions = ["KR"] }))).Text, Is.EqualTo("yes"));
    }

    [Test]
    public async Task WhatTheRouterIsToldOfAMember_CountsForTheModelToo([Values] bool streaming)
    {
        FakeClient client = FakeClient.Says("yes");
        RouterChatClient router = new("main", [new Member("big", client.AsModel("unknown"))], new RouterOptions { Selection = new() { Members = [Three[1]] } });
        Assert.That((await router.AskAsync(streaming, options: Required(new() { Regions = ["KR"], Allow = ["big"] }))).Text, Is.EqualTo("yes"));
        Assert.That(async () => await client.AsModel("unknown").AskAsync(streaming, options: Required(new() { Regions = ["KR"] })), Throws.InstanceOf<NoEligibleModelException>());
    }

    [Test]
    public async Task AJudgeThatMayNotBeAsked_IsNot([Values] bool streaming)
    {
        FakeClient judge = FakeClient.Says("A");
        PanelChatClient panel = new(
            "p",
            [new Member("a", FakeClient.Says("yes").AsModel(Three[2])), new Member("b", FakeClient.Says("no").AsModel(Three[2])), new Member("j", judge.AsModel(Three[0]))],
            new PanelOptions { Choices = ["yes", "no"], Judge = "j" });
        ChatResponse response = await panel.AskAsync(streaming, options: Required(new() { Placement = Placement.OnlyLocal }));
        Assert.That(response.GetVote()!.Outcome, Is.EqualTo(VoteOutcome.NoAgreement));
        Assert.That(judge.Calls, Is.Empty);
        Assert.That(response.GetReceipt()!.Notes, Has.One.Contains("j may not be asked"));
        Assert.That((await panel.AskAsync(streaming)).GetVote()!.Winner, Is.EqualTo("yes"));
    }

    [Test]
    public async Task AJudge_IsPaidFromThePurseOfTheRequest([Values("request", "conversation", "nothing")] string cappedBy, [Values] bool streaming)
    {
        FakeClient judge = FakeClient.Says("A");
        EnsembleRuntime runtime = cappedBy == "conversation" ? new() { Ledger = new Ledger(new MemoryLedgerStore(), [new Budget("talk", 0m) { Scope = BudgetScope.Conversation }]) } : new();
        Member[] members = [new("a", FakeClient.Says("yes").AsModel(Three[2], runtime)), new("b", FakeClient.Says("no").AsModel(Three[2], runtime)), new("judge", judge.AsModel(Three[0], runtime))];
        PanelChatClient panel = new("p", members, new PanelOptions { Choices = ["yes", "no"], Judge = "judge" }, runtime);
        ChatOptions options = new ChatOptions { MaxOutputTokens = 100 }.WithEnsemble(r => r with { MaxUsd = cappedBy == "request" ? 0.0000001m : null, Conversation = "c" });
        ChatResponse response = await panel.AskAsync(streaming, options: options);
        Assert.That(judge.Calls, Has.Count.EqualTo(cappedBy == "nothing" ? 1 : 0));
        Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains(cappedBy == "nothing" ? "judge broke the tie" : "judge was asked to break the tie and failed"));
    }

    [Test]
    public async Task AModelWhoseChoicesAreScored_IsNotScored_WhenItMayNotBeAsked([Values] bool streaming)
    {
        FakeScorer scorer = new(_ => [-1, -2]);
        IChatClient Scoring(SelectionMember description) => FakeClient.Says("yes").With<IContinuationScorer>(scorer).AsModel(description);
        PanelChatClient panel = new("p", [new Member("mini", Scoring(Three[0]))], new PanelOptions { Choices = ["yes", "no"], Rule = VoteRule.MeanProbability });
        Assert.That(async () => await panel.AskAsync(streaming, options: Required(new() { Placement = Placement.OnlyLocal })), Throws.InstanceOf<NoEligibleModelException>());
        Assert.That(scorer.Requests, Is.Empty);
        await panel.AskAsync(streaming);
        Assert.That(scorer.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task TheTextIsScannedOnceForAllVoters_AndNotAtAllWithoutARule()
    {
        int scans = 0;
        EnsembleRuntime runtime = new() { SensitiveTextDetector = text => Interlocked.Increment(ref scans) < 0 ? SensitiveData.Custom : SensitiveData.None };
        PanelChatClient panel = new("p", Enumerable.Range(0, 5).Select(i => new Member("v" + i, FakeClient.Says("yes").AsModel(Three[i % 3], runtime))), runtime: runtime);
        await panel.AskAsync(false, options: Required(new() { KeepLocal = SensitiveData.All }));
        Assert.That(scans, Is.EqualTo(1));
        await panel.AskAsync(false, options: Required(new() { Deny = ["v1"] }));
        Assert.That(scans, Is.EqualTo(1));
    }

    [Test]
    public void WithoutRules_NothingIsReadAndNothingAllocated()
    {
        EnsembleRuntime runtime = new() { Tenants = new([KeyValuePair.Create("free", Requirements.None)], "Tenants", Requirements.None), SensitiveTextDetector = _ => throw new InvalidOperationException("read") };
        ChatMessage[] messages = [new(ChatRole.User, Mail)];
        ChatOptions?[] all = [null, new(), new ChatOptions().WithEnsemble(r => r with { Domain = "law" }), new ChatOptions().WithEnsemble(r => r with { Tenant = "free", Requirements = new() { Placement = Placement.PreferLocal } })];
        long bytes = Allocation.Of(() =>
        {
            foreach (ChatOptions? options in all)
            {
                if (RequestRules.Of(messages, options, runtime) is not null)
                {
                    throw new InvalidOperationException("rules");
                }
            }
        });
        Assert.That(bytes, Is.Zero);
    }

    [Test]
    public async Task WhatCameToTheRequestOnItsWay_IsScannedToo_ButNotTheMembersOwnText([Values] bool streaming)
    {
        FakeClient client = FakeClient.Says("yes");
        IChatClient model = client.AsModel(Three[0]);
        Member[] members = [.. Member.Create([new MemberOptions { Model = "mini", System = "Sign as office@example.com." }], _ => model)];
        PanelChatClient panel = new("p", members);
        ChatOptions keep = Required(new() { KeepLocal = SensitiveData.Email });
        Assert.That((await panel.AskAsync(streaming, options: keep)).Text, Is.EqualTo("yes"));
        IChatClient looking = model.AsBuilder().Use(
            (messages, options, next, token) => next.GetResponseAsync([.. messages, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", Mail)])], options, token),
            (messages, options, next, token) => next.GetStreamingResponseAsync([.. messages, new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", Mail)])], options, token)).Build();
        Assert.That(async () => await new PanelChatClient("p", [new Member("mini", looking)]).AskAsync(streaming, options: keep), Throws.InstanceOf<NoEligibleModelException>());
        Assert.That(client.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task InstructionsThatCameOnTheWay_AreScanned_AlsoWhereAMembersOwnAreJoinedToThem([Values] bool streaming, [Values("Be short.", null)] string? own, [Values] bool sensitive)
    {
        FakeClient hosted = FakeClient.Says("hosted");
        Member[] inner = [.. Member.Create([new MemberOptions { Model = "mini", System = own, Temperature = 0 }], _ => hosted.AsModel(Three[0]))];
        ChatMessage added = new(ChatRole.System, sensitive ? $"The user is {Mail}." : "The user is in a hurry.");
        IChatClient informed = new RouterChatClient("inner", inner).AsBuilder().Use(
            (messages, options, next, token) => next.GetResponseAsync([added, .. messages], options, token),
            (messages, options, next, token) => next.GetStreamingResponseAsync([added, .. messages], options, token)).Build();
        RouterChatClient outer = new("outer", [new Member("inner", informed), new Member("loc", FakeClient.Says("loc").AsModel(Three[2]))]);
        Assert.That((await outer.AskAsync(streaming, "hello", Required(new() { KeepLocal = SensitiveData.Email }))).Text, Is.EqualTo(sensitive ? "loc" : "hosted"));
        Assert.That(hosted.Calls, Has.Count.EqualTo(sensitive ? 0 : 1));
    }

    [Test]
    public async Task MiddlewareOnTheWay_MayTighten([Values] bool streaming)
    {
        FakeClient client = FakeClient.Says("yes");
        IChatClient strict = client.AsModel(Three[0]).AsBuilder().Use(
            (messages, options, next, token) => next.GetResponseAsync(messages, options.WithEnsemble(r => r with { Requirements = new() { Placement = Placement.OnlyLocal } }), token),
            (messages, options, next, token) => next.GetStreamingResponseAsync(messages, options.WithEnsemble(r => r with { Requirements = new() { Placement = Placement.OnlyLocal } }), token)).Build();
        Assert.That(async () => await new PanelChatClient("p", [new Member("mini", strict)]).AskAsync(streaming, options: Required(new() { Deny = ["other"] })), Throws.InstanceOf<NoEligibleModelException>());
        Assert.That(client.Calls, Is.Empty);
    }

    [Test]
    public async Task MiddlewareThatDropsTheOptions_DropsNoRule([Values] bool streaming, [ValueSource(nameof(Kinds))] string kind)
    {
        FakeClient hosted = FakeClient.Says("mini");
        IChatClient own = hosted.AsModel(Three[0]).AsBuilder().Use(
            (messages, _, next, token) => next.GetResponseAsync(messages, new ChatOptions { Temperature = 0 }, token),
            (messages, _, next, token) => next.GetStreamingResponseAsync(messages, new ChatOptions { Temperature = 0 }, token)).Build();
        IChatClient composition = Compose(kind, [new Member("mini", own), new Member("loc", FakeClient.Says("loc").AsModel(Three[2])), new Member("more", FakeClient.Says("loc").AsModel(Three[2]))]);
        Assert.That((await composition.AskAsync(streaming, Mail, Required(new() { KeepLocal = SensitiveData.All }))).Text, Is.EqualTo("loc"));
        Assert.That((await composition.AskAsync(streaming, "hello", Required(new() { Deny = ["mini"] }))).Text, Is.EqualTo("loc"));
        Assert.That(hosted.Calls, Is.Empty);
    }

    [Test]
    public async Task WhereRulesHold_AnotherModelIsNotAskedByItsId([Values] bool streaming)
    {
        FakeClient client = FakeClient.Says("yes");
        IChatClient model = client.AsModel(Three[0]);
        ChatOptions other = new() { ModelId = "much-dearer" };
        ChatResponse response = await model.AskAsync(streaming, options: other.WithEnsemble(r => r with { Requirements = new() { MaxUsd = 0.1m } }));
        Assert.That(client.Calls[0].Options!.ModelId, Is.Null);
        Assert.That(response.GetReceipt()!.Attempts[0].Note, Does.Contain("ModelId was dropped"));
        await model.AskAsync(streaming, options: other);
        Assert.That(client.Calls[1].Options!.ModelId, Is.EqualTo("much-dearer"), "without rules it is the caller's affair");
    }

    [Test]
    public async Task TheNameOfAModel_IsNoIdOfTheProviders([Values] bool streaming, [Values] bool ruled)
    {
        FakeClient client = FakeClient.Says("yes").With(new ChatClientMetadata("x", null, "mini-2"));
        ChatOptions named = new() { ModelId = "MINI" }, own = new() { ModelId = "mini-2" };
        foreach (ChatOptions options in new[] { named, own })
        {
            await client.AsModel(Three[0]).AskAsync(streaming, options: ruled ? options.WithEnsemble(r => r with { Requirements = new() { MaxUsd = 0.1m } }) : options);
        }

        Assert.That(client.Calls.Select(call => call.Options?.ModelId), Is.EqualTo(new[] { null, "mini-2" }));
    }

    [Test]
    public async Task WhereMoneyIsCapped_AnotherModelIsNotAskedByItsId([Values("request", "budget")] string by, [Values] bool streaming)
    {
        FakeClient client = FakeClient.Says("yes");
        EnsembleRuntime runtime = by == "budget" ? new() { Ledger = new Ledger(new MemoryLedgerStore(), [new Budget("all", 1m)]) } : new();
        ChatOptions other = new() { ModelId = "much-dearer", MaxOutputTokens = 10 };
        ChatResponse response = await client.AsModel(Three[0], runtime).AskAsync(streaming, options: by == "request" ? other.WithEnsemble(r => r with { MaxUsd = 0.1m }) : other);
        Assert.That(client.Calls[0].Options!.ModelId, Is.Null);
        Assert.That(response.GetReceipt()!.Attempts[0].Note, Does.Contain("ModelId was dropped"));
    }

    [Test]
    public void ARequestThatCannotBeRead_IsAMistake_AndNoRequestWithoutRules([Values] bool streaming)
    {
        FakeClient client = FakeClient.Says("yes");
        ChatOptions stored = new() { AdditionalProperties = new() { [EnsembleRequestExtensions.RequestKey] = System.Text.Json.JsonSerializer.SerializeToElement(new { Tenant = "bank" }) } };
        Assert.That(async () => await new RouterChatClient("main", [new Member("mini", client.AsModel(Three[0]))]).AskAsync(streaming, options: stored), Throws.InstanceOf<UnsupportedOptionException>().With.Message.Contains("WithEnsemble"));
        Assert.That(async () => await client.AsModel(Three[0]).AskAsync(streaming, options: stored), Throws.InstanceOf<UnsupportedOptionException>());
        Assert.That(client.Calls, Is.Empty);
    }

    [Test]
    public async Task WhatMiddlewareWritesIntoAMembersOwnText_IsScanned([Values] bool streaming)
    {
        FakeClient client = FakeClient.Says("yes");
        IChatClient writing = client.AsModel(Three[0]).AsBuilder().Use(
            (messages, options, next, token) => next.GetResponseAsync(Written(messages), options, token),
            (messages, options, next, token) => next.GetStreamingResponseAsync(Written(messages), options, token)).Build();
        Member[] members = [.. Member.Create([new MemberOptions { Model = "mini", System = "Be short." }], _ => writing)];
        Assert.That(async () => await new PanelChatClient("p", members).AskAsync(streaming, options: Required(new() { KeepLocal = SensitiveData.Email })), Throws.InstanceOf<NoEligibleModelException>());
        Assert.That(client.Calls, Is.Empty);

        static IEnumerable<ChatMessage> Written(IEnumerable<ChatMessage> messages)
        {
            ChatMessage[] all = [.. messages];
            all[0].Contents.Add(new TextContent(Mail));
            return all;
        }
    }

    [Test]
    public async Task APriceCeiling_LimitsTheAnswerOfAModel_ThatIsAskedWithoutARoute([Values] bool streaming)
    {
        FakeClient client = FakeClient.Says("yes");
        ChatResponse response = await client.AsModel(Three[1]).AskAsync(streaming, options: Required(new() { MaxUsd = 0.01m }));
        Assert.That(client.Calls[0].Options!.MaxOutputTokens, Is.InRange(380, 400));
        Assert.That(response.GetReceipt()!.Attempts[0].Note, Does.Contain("what the price ceiling pays"));
        Assert.That(async () => await client.AsModel("dear").AskAsync(streaming, options: Required(new() { MaxUsd = 0.01m })), Throws.InstanceOf<NoEligibleModelException>().With.Message.Contains("its price is unknown"));
    }

    [Test]
    public async Task WhoStepsInForAnExhaustedBudget_ObeysToo([Values] bool streaming)
    {
        await using ServiceProvider services = Services(""" "Budgets": { "none": { "Usd": 0, "Per": "request", "OnExhausted": "loc" } }""");
        ChatOptions options = Required(new() { Deny = ["loc"] });
        Assert.That(async () => await Client(services, "mini").AskAsync(streaming, options: options), Throws.InstanceOf<BudgetExceededException>());
        Assert.That((await Client(services, "mini").AskAsync(streaming)).Text, Is.EqualTo("loc"));
    }

    [Test]
    public Task NoExcludedModel_IsEverCalled_InAnyCompositionAndUnderAnyFailure() =>
        Gen.Select(Choosing.Requirements, Gen.Int[0, 5].Array[3], Gen.Int[0, Kinds.Length], Gen.Bool, Gen.Bool).SampleAsync(
            async (requirements, fates, kind, streaming, sensitive) =>
            {
                string text = sensitive ? Mail : "what is the answer to this question that you have";
                FakeClient[] clients = [.. fates.Select(Fated)];
                Member[] members = [.. Three.Select((m, i) => new Member(m.Name, clients[i].AsModel(m)))];
                IChatClient composition = kind == Kinds.Length
                    ? new RouterChatClient("outer", [new Member("inner", Compose("panel", members)), members[0]], new RouterOptions { LongestWait = TimeSpan.Zero })
                    : Compose(Kinds[kind], members);
                Choosing.Choice choice = Choosing.Decide(Three, requirements, new RequestProfile([new ChatMessage(ChatRole.User, text)]));
                try
                {
                    await composition.AskAsync(streaming, text, Required(requirements));
                }
                catch (EnsembleException)
                {
                    // Failing is allowed; asking somebody who was refused is not.
                }

                for (int i = 0; i < Three.Length; i++)
                {
                    Assert.That(clients[i].Calls.Count == 0 || choice.Refusals[i] == ConstraintRules.None, Is.True, Three[i].Name);
                }
            },
            iter: 300);

    // An answer, another, none at all, too many requests, down, and one that breaks in the middle.
    private static FakeClient Fated(int fate) => fate switch
    {
        0 => FakeClient.Says("yes"),
        1 => FakeClient.Says("no"),
        2 => FakeClient.Says(""),
        3 => FakeClient.Throws(new HttpRequestException("no", null, System.Net.HttpStatusCode.TooManyRequests)),
        4 => FakeClient.Throws(new HttpRequestException("down", null, System.Net.HttpStatusCode.ServiceUnavailable)),
        _ => FakeClient.SaysThenThrows("ye", new IOException("cut")),
    };

    // Nobody waits for who was asked too often: the law says who is asked, not when.
    private static IChatClient Compose(string kind, Member[] members) => kind switch
    {
        "route" => new RouterChatClient(kind, members, new RouterOptions { LongestWait = TimeSpan.Zero }),
        "choosing" => new RouterChatClient(kind, members, new RouterOptions { LongestWait = TimeSpan.Zero, Selection = new() { Objective = Objective.Cheapest } }),
        "hedged" => new RouterChatClient(kind, members, new RouterOptions { LongestWait = TimeSpan.Zero, Hedging = new HedgingOptions { MinimumSamples = 1 }, ContinueInterrupted = true }),
        "panel" => new PanelChatClient(kind, members),
        "judged" => new PanelChatClient(kind, members, new PanelOptions { Choices = ["yes", "no"], Judge = members[1].Name }),
        _ => new CascadeChatClient(kind, members, new CascadeOptions { DeferBelow = { Agreement = 0.5 } }),
    };

    private static ChatOptions Required(Requirements requirements) => new ChatOptions().WithEnsemble(r => r with { Requirements = requirements });

    private static IChatClient Client(ServiceProvider services, string name) => services.GetRequiredService<IEnsembleClients>().Get(name);

    private ServiceProvider Services(string? more = null)
    {
        string json = $"{{\"Ensemble\":{{{Models}{(more is null ? "" : "," + more)}}}}}";
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(_hosted);
        collection.AddSingleton<IModelProvider>(new NamedProvider("inprocess"));
        collection.AddEnsemble(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build())
            .AddRouter("code", "mini, big, loc")
            .AddRouter("codechoosing", "mini, big, loc", router => router.Selection = new());
        return collection.BuildServiceProvider();
    }
}
