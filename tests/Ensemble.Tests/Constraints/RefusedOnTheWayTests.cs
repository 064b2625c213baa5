using Ensemble.Tests.Selection;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>A receipt says why the first of the plan did not answer, and what it was paid before it was refused.</summary>
internal sealed class RefusedOnTheWayTests
{
    private static readonly SelectionMember Hosted = Choosing.Member("mini", ModelCapabilities.Tools, input: 1m, output: 4m, quality: 0.6, deployments: [new Deployment { Name = "mini", Processing = "US" }]);

    private static readonly SelectionMember Local = Choosing.Member("loc", ModelCapabilities.Tools, quality: 0.4, deployments: [new Deployment { Name = "loc", InProcess = true }]);

    [Test]
    public async Task AModelThatIsRefusedInItsToolLoop_IsNamedWithTheRule_AndItsCallsAreInThePrice([Values("route", "choosing", "cascade")] string kind, [Values] bool streaming)
    {
        int calls = 0;
        FakeClient model = new(_ => Call("Lookup", Interlocked.Increment(ref calls)).ToAsyncEnumerable());
        int lookups = 0;
        AIFunction lookup = AIFunctionFactory.Create(() => Interlocked.Increment(ref lookups) == 2 ? "010-1234-5678" : "nothing", "Lookup");
        IChatClient composition = Compose(kind, new("mini", Invoking(model.AsModel(Hosted))), new("loc", FakeClient.Says("loc").AsModel(Local)));
        ChatOptions options = new ChatOptions { Tools = [lookup] }.WithEnsemble(r => r with { Requirements = new() { KeepLocal = SensitiveData.All } });
        Receipt receipt;
        if (streaming && kind != "cascade")
        {
            // Its call of the tool has reached the caller, so nobody else may begin.
            receipt = (await Assert.ThrowsAsync<StreamInterruptedException>(() => composition.AskAsync(streaming, options: options)))!.Receipt!;
        }
        else
        {
            receipt = (await composition.AskAsync(streaming, options: options)).GetReceipt()!;
            Assert.That(receipt.AnsweredBy, Is.EqualTo("loc"));
        }

        Assert.That(model.Calls, Has.Count.EqualTo(2));
        Assert.That(receipt.CostUsd, Is.EqualTo(2 * 0.0014m));
        Assert.That(receipt.Attempts[0], Has.Property(nameof(Attempt.Outcome)).EqualTo(AttemptOutcome.Skipped).And.Property(nameof(Attempt.InputTokens)).EqualTo(2_000));
        Assert.That(receipt.ToString(), Does.Contain("mini was skipped (the rules refuse it: the request holds Phone, which stays local)").And.Contain("$0.0028"));
    }

    [Test]
    public async Task AnAnswerOfSeveralCalls_CostsAllOfThem([Values("route", "choosing", "panel")] string kind, [Values] bool streaming, [Values] bool ruled)
    {
        int calls = 0;
        FakeClient model = new(_ => Call(Interlocked.Increment(ref calls) < 3 ? "Lookup" : null, calls).ToAsyncEnumerable());
        AIFunction lookup = AIFunctionFactory.Create(() => "nothing", "Lookup");
        Member only = new("mini", Invoking(model.AsModel(Hosted)));
        IChatClient composition = kind == "panel" ? new PanelChatClient("main", [only], new PanelOptions { AllowTools = true }) : Compose(kind, only);
        ChatOptions options = new ChatOptions { Tools = [lookup] }.WithEnsemble(r => r with { Requirements = ruled ? new() { Placement = Placement.OnlyCloud } : Requirements.None });
        Receipt receipt = (await composition.AskAsync(streaming, options: options)).GetReceipt()!;
        Assert.That(receipt.Attempts.Single().Outcome, Is.EqualTo(AttemptOutcome.Answered));
        Assert.That(receipt.CostUsd, Is.EqualTo(3 * 0.0014m));
        Assert.That(receipt.InputTokens, Is.EqualTo(3_000));
    }

    [Test]
    public async Task WhomAPanelPassesOver_IsNamedWithTheRule([Values] bool streaming)
    {
        PanelChatClient panel = new("main", [new Member("mini", FakeClient.Says("yes").AsModel(Hosted)), new Member("loc", FakeClient.Says("yes").AsModel(Local))]);
        ChatResponse response = await panel.AskAsync(streaming, options: new ChatOptions().WithEnsemble(r => r with { Requirements = new() { Placement = Placement.OnlyLocal } }));
        Assert.That(response.GetReceipt()!.ToString(), Does.Contain("mini was skipped (the rules refuse it: only local models are allowed)"));
    }

    [Test]
    public async Task WhomARoutePassesOver_IsNamedWithTheRule([Values] bool streaming)
    {
        IChatClient route = Compose("route", new("mini", FakeClient.Says("yes").AsModel(Hosted)), new("loc", FakeClient.Says("yes").AsModel(Local)));
        ChatResponse response = await route.AskAsync(streaming, options: new ChatOptions().WithEnsemble(r => r with { Requirements = new() { Placement = Placement.OnlyLocal } }));
        Assert.That(response.GetReceipt()!.ToString(), Does.Contain("mini was not asked (Placement)"));
        Assert.That(response.GetReceipt()!.CostUsd, Is.Zero);
    }

    [Test]
    public async Task ATurnOfAToolLoop_PaysFromThePurseOfItsAttempt([Values("route", "choosing", "route's own", "no limit", "panel", "cascade")] string kind, [Values] bool streaming)
    {
        int calls = 0;
        FakeClient model = new(_ => Call("Lookup", Interlocked.Increment(ref calls)).ToAsyncEnumerable());
        AIFunction lookup = AIFunctionFactory.Create(() => "nothing", "Lookup");
        Requirements ceiling = new() { MaxUsd = 0.01m };
        Member only = new("mini", Invoking(model.AsModel(Hosted)));
        IChatClient composition = kind switch
        {
            "route's own" or "no limit" => new RouterChatClient("main", [only], new RouterOptions { Selection = new() { Requirements = ceiling } }),
            "panel" => new PanelChatClient("main", [only], new PanelOptions { AllowTools = true }),
            _ => Compose(kind, only),
        };
        ChatOptions options = new() { Tools = [lookup], MaxOutputTokens = kind == "no limit" ? null : 1_500 };
        options = options.WithEnsemble(r => r with { Requirements = kind is "route's own" or "no limit" ? Requirements.None : ceiling });
        EnsembleException error = (await Assert.ThrowsAsync(Is.InstanceOf<EnsembleException>(), () => composition.AskAsync(streaming, options: options)) as EnsembleException)!;

        // A call costs $0.0014 of which the model reports all, and the fourth could cost what the ceiling has no longer, or the eighth.
        int paid = kind == "no limit" ? 7 : 3;
        Assert.That(model.Calls, Has.Count.InRange(paid - 1, paid));
        Assert.That(error.Receipt!.CostUsd, Is.EqualTo(model.Calls.Count * 0.0014m).And.LessThanOrEqualTo(0.01m));
        Assert.That(BudgetExceededException.Behind(error, error.InnerException)?.Message ?? error.ToString(), Does.Contain("the price ceiling of $0.01 pays for no further call"));
        Assert.That(model.Calls.Select(call => call.Options!.MaxOutputTokens), kind == "no limit" ? Is.Ordered.Descending : Is.All.EqualTo(1_500));
    }

    [Test]
    public async Task AToolLoopThatIsPaidFor_LeavesTheRestToTheNextMember([Values] bool streaming)
    {
        int calls = 0;
        FakeClient first = new(_ => Interlocked.Increment(ref calls) < 3 ? Call("Lookup", calls).ToAsyncEnumerable() : throw new HttpRequestException("no", null, System.Net.HttpStatusCode.TooManyRequests));
        FakeClient second = FakeClient.Says("yes", new UsageDetails { InputTokenCount = 10, OutputTokenCount = 10 });
        AIFunction lookup = AIFunctionFactory.Create(() => "nothing", "Lookup");
        SelectionMember other = Choosing.Member("next", ModelCapabilities.Tools, input: 1m, output: 4m, deployments: [new Deployment { Name = "next" }]);
        IChatClient route = new RouterChatClient("main", [new("mini", Invoking(first.AsModel(Hosted))), new("next", second.AsModel(other))], new RouterOptions { Selection = new() });
        ChatOptions options = new ChatOptions { Tools = [lookup] }.WithEnsemble(r => r with { Requirements = new() { MaxUsd = 0.01m } });
        if (streaming)
        {
            // Its calls of the tool have reached the caller.
            Assert.That(async () => await route.AskAsync(streaming, options: options), Throws.InstanceOf<EnsembleException>());
            return;
        }

        ChatResponse response = await route.AskAsync(streaming, options: options);
        Assert.That(response.Text, Is.EqualTo("yes"));
        Assert.That(second.Calls[0].Options!.MaxOutputTokens, Is.InRange(1_500, (int)((0.01m - 0.0028m) / 4 * 1_000_000)));
    }

    [Test]
    public async Task WhatAToolLoopTook_BeforeItsSecondTurnWasRefused_IsMissingFromTheCeilingOfTheNextMember()
    {
        int calls = 0;
        FakeClient first = new(_ => Call("Lookup", Interlocked.Increment(ref calls)).ToAsyncEnumerable()), second = FakeClient.Says("yes");
        AIFunction lookup = AIFunctionFactory.Create(() => new string('x', 10_000), "Lookup");
        SelectionMember other = Choosing.Member("next", ModelCapabilities.Tools, input: 1m, output: 4m, deployments: [new Deployment { Name = "next" }]);
        IChatClient route = new RouterChatClient("main", [new("mini", Invoking(first.AsModel(Hosted))), new("next", second.AsModel(other))], new RouterOptions { Selection = new() });
        ChatOptions options = new ChatOptions { Tools = [lookup], MaxOutputTokens = 1_500 }.WithEnsemble(r => r with { Requirements = new() { MaxUsd = 0.007m } });
        BudgetExceededException? error = await Assert.ThrowsAsync<BudgetExceededException>(() => route.AskAsync(streaming: false, options: options));
        Assert.That((first.Calls.Count, second.Calls.Count, error!.SpentUsd), Is.EqualTo((1, 0, 0.0014m)), "a call of the next can cost $0.006");
    }

    private static IChatClient Compose(string kind, params Member[] members) => kind switch
    {
        "choosing" => new RouterChatClient("main", members, new RouterOptions { Selection = new() }),
        "cascade" => new CascadeChatClient("main", members, new CascadeOptions { DeferBelow = { Agreement = 0 } }),
        _ => new RouterChatClient("main", members),
    };

    private static IChatClient Invoking(IChatClient model) => model.AsBuilder().UseFunctionInvocation().Build();

    private static ChatResponseUpdate[] Call(string? function, int number) =>
    [
        new(ChatRole.Assistant, function is null ? [new TextContent("done")] : [new FunctionCallContent($"call{number}", function)]) { MessageId = $"m{number}", FinishReason = function is null ? ChatFinishReason.Stop : ChatFinishReason.ToolCalls },
        new() { Contents = [new UsageContent(new UsageDetails { InputTokenCount = 1_000, OutputTokenCount = 100, TotalTokenCount = 1_100 })] },
    ];
}
