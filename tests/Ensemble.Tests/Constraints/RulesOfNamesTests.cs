using System.Text;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests;

/// <summary>Members under names of their own, compositions that are denied, domains and prices of the user: explained and done alike.</summary>
internal sealed class RulesOfNamesTests
{
    private const string Json = """
        { "Ensemble": {
          "Models": {
            "a": { "Provider": "fake", "Quality": { "Default": 0.9, "law": 0.2 }, "Processing": "swedencentral", "Price": { "InputPerMillion": 1, "OutputPerMillion": 4, "RegionUplift": 1.1 } },
            "b": { "Provider": "fake", "Quality": { "Default": 0.1, "law": 0.9 }, "Processing": "global", "Price": { "InputPerMillion": 1, "OutputPerMillion": 4, "RegionUplift": 1.1 } },
            "placed": { "Provider": "fake", "Quality": 0.5, "Card": { "Capabilities": "JsonSchema" }, "Deployments": { "one": {}, "two": {} } } },
          "Tenants": { "t": { "Require": { "Deny": [ "panel" ] } }, "u": { "Require": { "Deny": [ "choosing" ] } }, "v": { "Require": { "Allow": [ "a" ] } }, "Default": {} },
          "Compositions": {
            "panel": { "Kind": "panel", "Members": "a, b", "Choices": [ "a", "b" ] },
            "places": { "Kind": "route", "Members": "placed" },
            "instructed": { "Kind": "route", "Members": [ { "Model": "b", "Name": "last", "System": "%" } ], "Objective": "cheapest", "Require": { "MaxUsd": 0.01 } },
            "plain": { "Kind": "route", "Members": "a, b" },
            "choosing": { "Kind": "route", "Members": "a, b", "Objective": "best" },
            "named": { "Kind": "route", "Members": [ { "Model": "a", "Name": "strict" }, { "Model": "b" } ], "Objective": "best", "Require": { "Allow": [ "strict", "b" ] } },
            "outer": { "Kind": "cascade", "Members": [ { "Model": "panel", "Name": "p" }, { "Model": "b", "Name": "last" } ], "DeferBelow": { "Agreement": 0.1 } },
            "limiting": { "Kind": "cascade", "Members": [ { "Model": "choosing", "Name": "c", "MaxOutputTokens": 100 }, { "Model": "b", "Name": "last", "System": "%" } ], "DeferBelow": { "Agreement": 0.1 } } } } }
        """;

    private readonly NamedProvider _provider = new();

    private string Called => string.Join(",", _provider.Made.Where(model => model.Calls > 0).Select(model => model.Name).Order());

    [Test]
    public async Task ADeniedComposition_IsNotAsked_ByItsName([Values("t panel", "u choosing")] string which, [Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        (string tenant, string name) = (which[..1], which[2..]);
        NoEligibleModelException error = (await Assert.ThrowsAsync<NoEligibleModelException>(() => Get(services, name).AskAsync(streaming, options: Of(tenant))))!;
        Assert.That(error.Message, Does.Contain(name).And.Contain("it is denied"));
        Assert.That(Called, Is.Empty);
        Assert.That(Explain(services, name, Of(tenant)).Plan, Is.Empty);
    }

    [Test]
    public async Task ADeniedComposition_IsNotAsked_UnderAnotherName([Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        Assert.That((await Get(services, "outer").AskAsync(streaming, options: Of("t"))).Text, Is.EqualTo("b"));
        Assert.That(Called, Is.EqualTo("b"));
        Assert.That(Explain(services, "outer", Of("t")).Plan, Is.EqualTo(["last"]));
    }

    [Test]
    public async Task TheQualityOfTheDomain_IsWhatCounts_WhoeverAsks([Values("panel", "plain", "choosing")] string name, [Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        ChatOptions law = new ChatOptions().WithEnsemble(r => r with { Domain = "law", Requirements = new() { MinQuality = 0.5 } });
        Assert.That((await Get(services, name).AskAsync(streaming, options: law)).Text, Is.EqualTo("b"));
        Assert.That((await Get(services, "b").AskAsync(streaming, options: law)).Text, Is.EqualTo("b"));
        Assert.That(async () => await Get(services, "a").AskAsync(streaming, options: law), Throws.TypeOf<NoEligibleModelException>().With.Message.Contains("its quality of 0.2 is below 0.5"));
        Assert.That(Called, Is.EqualTo("b"));
    }

    [Test]
    public async Task WhatTwoListsAllow_MayStandInOneByItsName_AndInTheOtherByItsModel([Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        ChatResponse response = await Get(services, "named").AskAsync(streaming, options: Of("v"));
        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("strict"));
        Assert.That(Called, Is.EqualTo("a"));
        Requirements both = new Requirements { Allow = ["strict"] }.And(new Requirements { Allow = ["a", "b"] }).And(new Requirements { Allow = ["B", "A"] });
        Assert.That((both with { Allow = ["b"] }).AllowedToo, Is.Empty, "what is set anew counts alone");
    }

    [Test]
    public async Task APriceOfYourOwn_GrowsByItsUplift_WhereInferenceIsKept()
    {
        await using ServiceProvider services = Services();
        IReadOnlyList<CandidateExplanation> candidates = Explain(services, "choosing", Of(null)).Candidates;
        Assert.That(candidates.ToDictionary(candidate => candidate.Member, candidate => candidate.Price.OutputPerMillion), Is.EqualTo(new Dictionary<string, decimal?> { ["a"] = 4.4m, ["b"] = 4m }));
    }

    [Test]
    public async Task Explain_OfAMember_GoesByWhatTheMemberSends()
    {
        await using ServiceProvider services = Services();

        // The window of 8,192 holds no answer of 9,000, and the member asks for 100.
        ChatOptions options = Of(null, maxUsd: 0.005m);
        options.MaxOutputTokens = 9_000;
        RouteExplanation explanation = Explain(services, "limiting", options);
        Assert.That(explanation.Nested.Single().Plan, Is.EqualTo(["a", "b"]));
        Assert.That(explanation.Candidates.Single().InputTokens, Is.GreaterThan(6_000));
        Assert.That(explanation.Plan, Is.EqualTo(["c"]), "with its instructions the other costs more than half a cent");
    }

    [Test]
    public async Task AMemberWithInstructionsOfItsOwn_AnswersUnderACeiling_ThatPaysThemOnce([Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        Assert.That(Explain(services, "instructed", Of(null)).Plan, Is.EqualTo(["last"]));
        Assert.That((await Get(services, "instructed").AskAsync(streaming, options: Of(null))).Text, Is.EqualTo("b"));
    }

    [Test]
    public async Task Explain_OfAModelWithSeveralPlaces_JudgesThemAsTheRouteBeforeThemDoes([Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        ChatOptions tools = Of(null);
        tools.Tools = [AIFunctionFactory.Create(() => 1, "count", "Counts.")];
        RouteExplanation explanation = Explain(services, "places", tools);
        Assert.That(explanation.Plan, Is.Empty);
        Assert.That(explanation.Candidates.SelectMany(candidate => candidate.Verdicts).Where(verdict => verdict.Refusal is not null).Select(verdict => verdict.Rule), Is.EqualTo(["Capability", "Capability"]));
        Assert.That(async () => await Get(services, "places").AskAsync(streaming, options: tools), Throws.TypeOf<NoEligibleModelException>());
    }

    [Test]
    public async Task AStreamThatFails_CostsWhatItsModelCounts_AlsoBehindAMemberWithSettingsOfItsOwn([Values] bool streaming, [Values] bool varies)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        ScriptedMember model = new ScriptedMember("m", time).Always(AnswerScript.Text("never").ErrorContentAfter(0).WithoutUsage());
        IChatClient described = model.AsModel(Selection.Choosing.Member("m"), runtime);
        IReadOnlyList<Member> members = Member.Create([new MemberOptions { Model = "m", MaxOutputTokens = varies ? 50 : null }], _ => described);
        RouterChatClient router = new("main", members, new RouterOptions(), runtime);
        AllMembersFailedException error = (await Assert.ThrowsAsync<AllMembersFailedException>(() => router.AskAsync(streaming, "What is it?")))!;
        Attempt attempt = error.Attempts.Single();
        Assert.That(attempt.CostUsd, Is.EqualTo(error.Receipt!.CostUsd).And.GreaterThan(0m));
        Assert.That(attempt.UsageSource, Is.EqualTo(UsageSource.Counted));
    }

    private static IChatClient Get(ServiceProvider services, string name) => services.GetRequiredService<IEnsembleClients>().Get(name);

    private static RouteExplanation Explain(ServiceProvider services, string name, ChatOptions options) =>
        services.GetRequiredService<IEnsembleClients>().Explain(name, [new ChatMessage(ChatRole.User, "hello")], options);

    private static ChatOptions Of(string? tenant, decimal? maxUsd = null) => new ChatOptions().WithEnsemble(r => r with { Tenant = tenant, Requirements = new() { MaxUsd = maxUsd } });

    private ServiceProvider Services()
    {
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(_provider);
        string json = Json.Replace("%", new string('x', 6_000), StringComparison.Ordinal);
        collection.AddEnsemble(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build());
        return collection.BuildServiceProvider();
    }
}
