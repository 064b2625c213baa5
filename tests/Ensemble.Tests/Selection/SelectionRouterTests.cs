using System.Net;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection;

internal sealed class SelectionRouterTests
{
    private static readonly SelectionMember[] Three =
    [
        Choosing.Member("small", input: 0.1m, output: 0.4m, quality: 0.6, deployments: [new Deployment { Name = "small", Processing = "US" }]),
        Choosing.Member("large", input: 5m, output: 25m, quality: 0.9, deployments: [new Deployment { Name = "large", Processing = "KR" }]),
        Choosing.Member("local", quality: 0.4, deployments: [new Deployment { Name = "local", InProcess = true }]),
    ];

    private readonly Dictionary<string, FakeClient> _clients = new[] { "small", "large", "local" }.ToDictionary(name => name, name => FakeClient.Says("from " + name, new UsageDetails { OutputTokenCount = 10 }));

    [Test]
    public async Task CheapestGoodEnough_IsAsked_AndTheReceiptSaysWhy([Values] bool streaming)
    {
        ChatResponse response = await Router(new() { Objective = Objective.Cheapest, Requirements = new() { MinQuality = 0.5 } }).AskAsync(streaming);
        Assert.That(response.Text, Is.EqualTo("from small"));
        Assert.That(response.GetReceipt()!.Notes, Has.One.Contains("small is cheapest of 2 that qualify").And.Contains("refused: local (Quality)"));
        Assert.That(response.GetReceipt()!.Degraded, Is.False);
    }

    [Test]
    public async Task AMemberThatIsDescribedInCode_HasItsPriceOnTheReceipt_AndBudgetsPayForIt([Values] bool streaming)
    {
        Member[] members = [new("large", FakeClient.Says("large", new UsageDetails { InputTokenCount = 1_000, OutputTokenCount = 10 })), new("local", _clients["local"])];
        RouterOptions options = new() { Selection = new() { Members = [Three[1], Three[2]] } };
        Receipt receipt = (await new RouterChatClient("r", members, options).AskAsync(streaming)).GetReceipt()!;
        Assert.That(receipt.CostUsd, Is.EqualTo(0.00525m));
        Assert.That(receipt.ToString(), Does.Contain("$0.00525").And.Not.Contain("price unknown"));

        EnsembleRuntime poor = new() { Ledger = new Ledger(new MemoryLedgerStore(), [new Budget("all", 0m)]) };
        ChatResponse paid = await new RouterChatClient("r", members, options, poor).AskAsync(streaming);
        Assert.That(paid.Text, Is.EqualTo("from local"), "nobody pays for the other");
    }

    [Test]
    public async Task WhateverComesBeforeTheObjective_IsOnTheReceipt([Values] bool streaming)
    {
        ChatResponse preferred = await Router(new() { Objective = Objective.Best, Requirements = new() { Placement = Placement.PreferLocal } }).AskAsync(streaming);
        Assert.That(preferred.GetReceipt()!.Notes, Has.One.Contains("local is best of 1 preferred as local, 3 qualify"));
        ChatResponse drawn = await Router(new() { Objective = Objective.Fastest }).AskAsync(streaming);
        Assert.That(drawn.GetReceipt()!.Notes, Has.One.Contains("is fastest of 3 that qualify, drawn among 3 equals"), "nobody is measured");
    }

    [Test]
    public async Task SensitiveText_StaysLocal_AndNoHostedModelIsEverCalled_UnderAnyFailure([Values] bool streaming)
    {
        _clients["local"] = FakeClient.Throws(new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable));
        RouterChatClient router = Router(new() { Objective = Objective.Cheapest, Requirements = new() { KeepLocal = SensitiveData.All } });
        Assert.That(async () => await router.AskAsync(streaming, "my number is 900101-1234568"), Throws.InstanceOf<AllMembersFailedException>());
        Assert.That(_clients["local"].Calls, Has.Count.EqualTo(1));
        Assert.That(_clients["small"].Calls, Is.Empty);
        Assert.That(_clients["large"].Calls, Is.Empty);
    }

    [Test]
    public Task NoExcludedModel_IsEverCalled_WhateverFails() =>
        Gen.Select(Choosing.Requirements, Gen.Int[0, 7], Gen.Bool, Gen.Bool).SampleAsync(
            async (requirements, failing, streaming, named) =>
            {
                FakeClient[] clients = [.. Three.Select((_, i) => (failing & (1 << i)) == 0 ? FakeClient.Says("yes") : FakeClient.Throws(new HttpRequestException("no", null, HttpStatusCode.TooManyRequests)))];
                RouterChatClient router = new("main", Three.Select((m, i) => new Member(m.Name, clients[i])), new RouterOptions { LongestWait = TimeSpan.Zero, Selection = new() { Members = Three, Requirements = requirements } });
                ChatOptions options = new() { ModelId = named ? "small" : null };
                Choosing.Choice choice = Choosing.Decide(Three, requirements, Choosing.Profile("hello", options));
                try
                {
                    await router.AskAsync(streaming, options: options);
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

    [Test]
    public async Task NobodyQualifies_TheError_NamesEveryModelAndItsRule_AndCarriesTheReceipt([Values] bool streaming)
    {
        RouterChatClient router = Router(new() { Requirements = new() { Capabilities = ModelCapabilities.Vision } });
        NoEligibleModelException error = (await Assert.ThrowsAsync<NoEligibleModelException>(async () => await router.AskAsync(streaming)))!;
        Assert.That(error.Refusals.Select(r => r.Member), Is.EqualTo(new[] { "small", "large", "local" }));
        Assert.That(error.Message, Does.StartWith("main: no model may answer").And.Contain("large: lacks Vision"));
        Assert.That(error.Receipt, Is.Not.Null);
    }

    [Test]
    public async Task AMemberThatTheCallerNames_IsFirst_UnlessItIsRefused()
    {
        RouterChatClient router = Router(new() { Objective = Objective.Cheapest, Requirements = new() { Placement = Placement.OnlyCloud } });
        ChatResponse named = await router.AskAsync(false, options: new ChatOptions { ModelId = "large" });
        Assert.That(named.Text, Is.EqualTo("from large"));
        Assert.That(named.GetReceipt()!.ToString(), Does.Contain("large was named by the caller"));
        Assert.That((await router.AskAsync(false, options: new ChatOptions { ModelId = "local" })).Text, Is.EqualTo("from small"));
    }

    [Test]
    public async Task AConversation_ThatARefusedMemberKeeps_IsAnError()
    {
        _clients["large"] = FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, "from large") { ConversationId = "c1", FinishReason = ChatFinishReason.Stop });
        RouterChatClient router = Router(new() { Requirements = new() { KeepLocal = SensitiveData.Email } });
        ChatResponse first = await router.AskAsync(false, options: new ChatOptions { ModelId = "large" });
        Assert.That(first.ConversationId, Is.Not.Null);
        ChatOptions next = new() { ConversationId = first.ConversationId };
        Assert.That((await router.AskAsync(false, options: next)).Text, Is.EqualTo("from large"));
        Assert.That(async () => await router.AskAsync(false, "write to a@example.com", next), Throws.InstanceOf<NoEligibleModelException>());
        Assert.That(_clients["large"].Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task APriceCeiling_LimitsTheAnswer_AndTheReceiptSaysSo([Values] bool streaming)
    {
        ChatResponse response = await Router(new() { Objective = Objective.Best, Requirements = new() { MaxUsd = 0.01m, Placement = Placement.OnlyCloud } }).AskAsync(streaming);
        int? limit = _clients["large"].Calls[0].Options?.MaxOutputTokens;
        Assert.That(limit, Is.InRange(380, 400));
        Assert.That(response.GetReceipt()!.Notes, Has.One.Contains($"limited to {limit} tokens"));
    }

    [Test]
    public async Task ARequest_BringsItsOwnObjectiveAndRequirements_AndTheTenantTightens()
    {
        RouterChatClient router = Router(new()
        {
            Objective = Objective.Cheapest,
            Tenants = new Dictionary<string, Requirements> { ["seoul"] = new() { Regions = ["KR"], Placement = Placement.OnlyCloud } },
        });
        Assert.That((await Ask(r => r)).Text, Is.EqualTo("from local"));
        Assert.That((await Ask(r => r with { Objective = Objective.Best })).Text, Is.EqualTo("from large"));
        Assert.That((await Ask(r => r with { Requirements = new() { Placement = Placement.OnlyCloud } })).Text, Is.EqualTo("from small"));
        Assert.That((await Ask(r => r with { Tenant = "seoul" })).Text, Is.EqualTo("from large"));
        Assert.That(async () => await Ask(r => r with { Tenant = "seoul", Requirements = new() { Placement = Placement.OnlyLocal } }), Throws.InstanceOf<NoEligibleModelException>());

        Task<ChatResponse> Ask(Func<EnsembleRequest, EnsembleRequest> change) => router.AskAsync(false, options: new ChatOptions().WithEnsemble(change));
    }

    [Test]
    public async Task AfterAFailure_TheNextThatQualifiesIsAsked([Values] bool streaming)
    {
        _clients["small"] = FakeClient.Throws(new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable));
        ChatResponse response = await Router(new() { Objective = Objective.Cheapest, Requirements = new() { MinQuality = 0.5 } }).AskAsync(streaming);
        Assert.That(response.Text, Is.EqualTo("from large"));
        Assert.That(response.GetReceipt()!.Degraded, Is.True);
        Assert.That(_clients["local"].Calls, Is.Empty);
    }

    [Test]
    public void ASelectionThatDoesNotFitItsRouter_IsAnErrorAtOnce()
    {
        Assert.That(() => Router(new() { Members = [Choosing.Member("smal", deployments: [new Deployment { Name = "smal" }])] }), Throws.InstanceOf<EnsembleException>().With.Message.Contains("small"));
        Assert.That(() => Router(new() { Members = [Three[0], Three[1]], Objective = Objective.Best }), Throws.InstanceOf<EnsembleException>().With.Message.Contains("\"local\": { \"Quality\""));
    }

    [Test]
    public void TheSerialisedRequest_LeavesOutDeadlineAndMoney_AndReadsBack()
    {
        EnsembleRequest request = new()
        {
            Objective = Objective.Weighted(new ObjectiveWeights { Cost = 1, Quality = 0.5 }),
            Requirements = new() { MaxUsd = 1m, Deadline = TimeSpan.FromSeconds(1), Regions = ["KR"], MinQuality = 0.5 },
            Domain = "code",
        };
        string json = JsonSerializer.Serialize(request, EnsembleJson.Options);
        Assert.That(json, Does.Contain("KR").And.Not.Contain("MaxUsd").IgnoreCase.And.Not.Contain("Deadline").IgnoreCase);
        EnsembleRequest back = JsonSerializer.Deserialize<EnsembleRequest>(json, EnsembleJson.Options)!;
        Assert.That(back.Objective!.ToString(), Is.EqualTo(request.Objective.ToString()));
        Assert.That(back.Requirements.Regions, Is.EqualTo(new[] { "KR" }));
    }

    [TestCase("cheapest", "cheapest")]
    [TestCase("Best", "best")]
    [TestCase("firstToken", "fastest to the first token")]
    [TestCase("weighted cost 1 quality 2", "best by weight (cost 1, quality 2, time 0, energy 0)")]
    public void AnObjective_IsReadFromItsName(string text, string expected)
    {
        Assert.That(ObjectiveNames.TryParse(text, out Objective? objective), Is.True);
        Assert.That(objective!.ToString(), Is.EqualTo(expected));
        Assert.That(ObjectiveNames.TryParse(ObjectiveNames.Of(objective), out Objective? again) && again.ToString() == expected, Is.True);
    }

    [TestCase("")]
    [TestCase("cheap")]
    [TestCase("weighted")]
    [TestCase("weighted cost")]
    [TestCase("weighted cost -1")]
    [TestCase("weighted price 1")]
    [TestCase("weighted cost 0")]
    public void WhatIsNoObjective_IsNotRead(string text) => Assert.That(ObjectiveNames.TryParse(text, out _), Is.False);

    private RouterChatClient Router(SelectionOptions selection)
    {
        selection.Members = selection.Members.Count == 0 ? Three : selection.Members;
        return new RouterChatClient("main", Three.Select(m => new Member(m.Name, _clients[m.Name])), new RouterOptions { Selection = selection });
    }
}
