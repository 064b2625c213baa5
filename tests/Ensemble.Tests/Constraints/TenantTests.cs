using System.Text;
using Ensemble.Tests.Selection;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests.Constraints;

/// <summary>A tenant's rules hold however its name is written, and a name that is not known has none that could hold.</summary>
internal sealed class TenantTests
{
    private const string Banks = """ "bank": { "Require": { "Placement": "OnlyLocal" } } """;

    private static readonly string[] Asked = ["mini", "plain", "choosing", "panel", "cascade", "code"];

    private readonly NamedProvider _hosted = new();

    [Test]
    public async Task ANameInAnotherCase_IsTheSameTenant([ValueSource(nameof(Asked))] string name, [Values("bank", "Bank", "BANK")] string tenant, [Values] bool streaming)
    {
        await using ServiceProvider services = Services(Banks);
        Assert.That(async () => await Ask(services, name, tenant, streaming), name == "mini" ? Throws.InstanceOf<NoEligibleModelException>() : Throws.Nothing);
        Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Zero);
    }

    [Test]
    public async Task ANameThatIsNotKnown_IsRefused_AndTheErrorNamesTheNearest([ValueSource(nameof(Asked))] string name, [Values] bool streaming)
    {
        await using ServiceProvider services = Services(Banks);
        UnknownTenantException error = (await Assert.ThrowsAsync<UnknownTenantException>(() => Ask(services, name, "bnk", streaming)))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Tenant, Is.EqualTo("bnk"));
            Assert.That(error.Message, Is.EqualTo("The tenant 'bnk' is not under Ensemble:Tenants. Did you mean 'bank'? Add it there, or a tenant 'Default' that says what holds for all that are not named."));
            Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Zero);
            Assert.That(() => services.GetRequiredService<IEnsembleClients>().Explain(name, [], Of("bnk")), Throws.InstanceOf<UnknownTenantException>());
        });
    }

    [Test]
    public async Task ARequestWithoutATenant_IsMadeForNobody_AndOnlyTheRulesOfWhatIsAskedHold([ValueSource(nameof(Asked))] string name, [Values] bool streaming)
    {
        await using ServiceProvider services = Services(Banks);
        Assert.That((await Ask(services, name, null, streaming)).Text, Is.Not.Empty);
        Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Positive);
    }

    [Test]
    public async Task Default_HoldsForWhoeverIsNotNamed_AndForNobody([ValueSource(nameof(Asked))] string name, [Values("bnk", "default", null)] string? tenant, [Values] bool streaming)
    {
        await using ServiceProvider services = Services(""" "free": { "Require": { "Placement": "Any" } }, "default": { "Require": { "Placement": "OnlyLocal" } } """);
        Assert.That(async () => await Ask(services, name, tenant, streaming), name == "mini" ? Throws.InstanceOf<NoEligibleModelException>() : Throws.Nothing);
        Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Zero);
        _ = await Ask(services, name, "Free", streaming);
        Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Positive);
    }

    [Test]
    public void TenantsOfARouterInCode_AreFoundTheSameWay_AndTwoSpellingsBindOneTenant()
    {
        SelectionOptions options = new()
        {
            Members = [Described("mini", 0.5), Described("big", 0.9)],
            Tenants = new Dictionary<string, Requirements> { ["bank"] = new() { Deny = ["mini"] }, ["Bank"] = new() { Deny = ["big"] }, ["lab"] = new() },
            TenantObjectives = new Dictionary<string, Objective> { ["LAB"] = Objective.Best },
        };
        SelectionPlanner planner = new("r", [Member("mini"), Member("big")], options, EnsembleRuntime.Default);
        Assert.Multiple(() =>
        {
            Assert.That(planner.Explain([], Of("BANK")).Plan, Is.Empty);
            Assert.That(planner.Explain([], Of("Lab")).Plan, Is.EqualTo(new[] { "big", "mini" }));
            Assert.That(planner.Explain([], null).Plan, Is.EqualTo(new[] { "mini", "big" }));
            Assert.That(() => planner.Explain([], Of("lob")), Throws.InstanceOf<UnknownTenantException>().With.Message.StartsWith("The tenant 'lob' is not under SelectionOptions.Tenants of r. Did you mean 'lab'?"));
        });
        options.Tenants = new Dictionary<string, Requirements>();
        Assert.That(new SelectionPlanner("r", [Member("mini"), Member("big")], options, EnsembleRuntime.Default).Explain([], Of("lob")).Plan, Has.Count.EqualTo(2), "an objective is no rule");
    }

    [Test]
    public async Task ADetectorAmongTheServices_IsAskedByEveryRule([ValueSource(nameof(Asked))] string name, [Values] bool streaming)
    {
        await using ServiceProvider services = Services(
            """ "bank": { "Require": { "KeepLocal": "Custom" } } """,
            collection => collection
                .AddSingleton(new SensitiveTextDetector(text => text.Contains("badge 7", StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None))
                .AddSingleton(new SensitiveTextDetector(text => text.Contains("ward 3", StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None)));
        foreach (string question in new[] { "who has badge 7?", "who lies in ward 3?" })
        {
            Assert.That(async () => await Ask(services, name, "bank", streaming, question), name == "mini" ? Throws.InstanceOf<NoEligibleModelException>() : Throws.Nothing);
            Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Zero, question);
        }

        _ = await Ask(services, name, "bank", streaming, "who has badge 8?");
        Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Positive);
    }

    [Test]
    public async Task ADetectorOfARoute_ComesBesideTheOneOfTheServices([Values("mine", "theirs")] string word, [Values] bool streaming)
    {
        EnsembleRuntime runtime = new() { SensitiveTextDetector = text => text.Contains("theirs", StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None };
        SelectionMember local = Choosing.Member("loc", deployments: [new Deployment { Name = "loc", InProcess = true }]);
        RouterOptions options = new()
        {
            Selection = new()
            {
                Members = [Described("mini", 0.5), local],
                Requirements = new() { KeepLocal = SensitiveData.Custom },
                SensitiveTextDetector = text => text.Contains("mine", StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None,
            },
        };
        RouterChatClient router = new("r", [Member("mini"), Member("loc")], options, runtime);
        Assert.That((await router.AskAsync(streaming, word)).Text, Is.EqualTo("loc"));
        Assert.That((await router.AskAsync(streaming, "neither")).Text, Is.EqualTo("mini"));
    }

    [Test]
    public async Task ADetectorOfAnOuterRoute_HoldsInTheRoutesBelowThatLookForOtherData([Values] bool streaming)
    {
        static RouterOptions Looking(string word, params SelectionMember[] members) => new()
        {
            Selection = new() { Members = members, Requirements = new() { KeepLocal = SensitiveData.Custom }, SensitiveTextDetector = text => text.Contains(word, StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None },
        };
        SelectionMember local = Choosing.Member("loc", deployments: [new Deployment { Name = "loc", InProcess = true }]);
        RouterChatClient inner = new("inner", [Member("mini"), Member("loc")], Looking("theirs", Described("mini", 0.5), local));

        // What the outer route knows of the inner one is that it may be asked.
        RouterChatClient outer = new("outer", [new Member("inner", inner)], Looking("ours", Choosing.Member("inner", deployments: [new Deployment { Name = "inner", InProcess = true }])));
        foreach ((string question, string expected) in new[] { ("ours", "loc"), ("theirs", "loc"), ("neither", "mini") })
        {
            Assert.That((await outer.AskAsync(streaming, question)).Text, Is.EqualTo(expected), question);
        }
    }

    [Test]
    public async Task ADetectorOfTheContainer_IsAskedBelowARouteOfCodeThatHasNone([Values] bool streaming)
    {
        EnsembleRuntime container = new() { SensitiveTextDetector = text => text.Contains("theirs", StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None };
        FakeClient hosted = FakeClient.Says("mini");
        RouterChatClient router = new("r", [new Member("mini", hosted.AsModel(Described("mini", 0.5), container)), new Member("loc", FakeClient.Says("loc").AsModel(Choosing.Member("loc", deployments: [new Deployment { Name = "loc", InProcess = true }]), container))]);
        ChatOptions options = new ChatOptions().WithEnsemble(request => request with { Requirements = new() { KeepLocal = SensitiveData.All } });
        Assert.That((await router.AskAsync(streaming, "theirs", options)).Text, Is.EqualTo("loc"));
        Assert.That(hosted.Calls, Is.Empty);
        Assert.That((await router.AskAsync(streaming, "neither", options)).Text, Is.EqualTo("mini"));
    }

    [Test]
    public async Task ADetectorOfARouteWithoutRules_IsAskedForWhatTheRequestKeepsLocal([Values("mine", "neither")] string word, [Values] bool streaming)
    {
        RouterOptions options = new() { Selection = new() { SensitiveTextDetector = text => text.Contains("mine", StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None } };
        RouterChatClient router = new(
            "r",
            [new Member("mini", FakeClient.Says("mini").AsModel(Described("mini", 0.5))), new Member("loc", FakeClient.Says("loc").AsModel(Choosing.Member("loc", deployments: [new Deployment { Name = "loc", InProcess = true }])))],
            options);
        ChatOptions kept = new ChatOptions().WithEnsemble(request => request with { Requirements = new() { KeepLocal = SensitiveData.Custom } });
        ChatResponse response = await router.AskAsync(streaming, word, kept);
        Assert.That(response.Text, Is.EqualTo(word == "mine" ? "loc" : "mini"));
        Assert.That(response.GetReceipt()!.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task CustomDataThatNobodyLooksFor_KeepsEveryRequestLocal_AndTheErrorSaysHowToLook([ValueSource(nameof(Asked))] string name, [Values] bool streaming)
    {
        await using ServiceProvider services = Services(Banks);
        IChatClient client = services.GetRequiredService<IEnsembleClients>().Get(name);
        foreach (Requirements required in new[] { new Requirements { KeepLocal = SensitiveData.Custom }, new Requirements { KeepLocal = SensitiveData.Custom | SensitiveData.Email }.And(new() { KeepLocal = SensitiveData.All }) })
        {
            ChatOptions options = new ChatOptions().WithEnsemble(request => request with { Requirements = required });
            if (name == "mini")
            {
                Assert.That(async () => await client.AskAsync(streaming, "hello", options), Throws.InstanceOf<NoEligibleModelException>().With.Message.Contains("no SensitiveTextDetector looks for it").And.Message.Contains("register one"));
            }
            else
            {
                _ = await client.AskAsync(streaming, "hello", options);
            }

            Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Zero);
        }

        ChatOptions all = new ChatOptions().WithEnsemble(request => request with { Requirements = new() { KeepLocal = SensitiveData.All } });
        _ = await client.AskAsync(streaming, "hello", all);
        Assert.That(_hosted.Made.Sum(model => model.Calls), Is.Positive, "all that is looked for");
    }

    private static SelectionMember Described(string name, double quality) => Choosing.Member(name, quality: quality, deployments: [new Deployment { Name = name }]);

    private static Member Member(string name) => new(name, FakeClient.Says(name));

    // What every ordinary caller writes: no options at all.
    private const string Nothing = "no options";

    private static ChatOptions Of(string? tenant) => new ChatOptions().WithEnsemble(request => request with { Tenant = tenant });

    private static Task<ChatResponse> Ask(ServiceProvider services, string name, string? tenant, bool streaming, string question = "hello") =>
        services.GetRequiredService<IEnsembleClients>().Get(name).AskAsync(streaming, question, tenant == Nothing ? null : Of(tenant));

    private ServiceProvider Services(string tenants, Action<IServiceCollection>? more = null)
    {
        string json = $$"""
            { "Ensemble": {
              "Models": { "loc": { "Provider": "inprocess" }, "mini": { "Provider": "fake" } },
              "Tenants": { {{tenants}} },
              "Compositions": {
                "plain": { "Kind": "route", "Members": "mini, loc" },
                "choosing": { "Kind": "route", "Members": "mini, loc", "Objective": "order" },
                "panel": { "Kind": "panel", "Members": "mini, loc" },
                "cascade": { "Kind": "cascade", "Members": "mini, loc", "DeferBelow": { "Agreement": 0.5 } } } } }
            """;
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(_hosted);
        collection.AddSingleton<IModelProvider>(new NamedProvider("inprocess"));
        more?.Invoke(collection);
        collection.AddEnsemble(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build())
            .AddRouter("code", "mini, loc");
        return collection.BuildServiceProvider();
    }
}
