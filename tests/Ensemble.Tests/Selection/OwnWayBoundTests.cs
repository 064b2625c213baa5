using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection;

/// <summary>What a member adds of its own, instructions, examples and a limit, is part of what it is chosen and billed by.</summary>
internal sealed class OwnWayBoundTests
{
    private readonly FakeClient[] _clients = [FakeClient.Says("yes", new UsageDetails { InputTokenCount = 40, OutputTokenCount = 10 })];

    private List<FakeCall> Calls => _clients[0].Calls;

    [Test]
    public async Task Issue_7_TheLimitOfAMember_DoesNotUndoWhatTheCeilingPays([Values] bool streaming)
    {
        ChatResponse response = await Router(new() { Model = "mini", Name = "v", MaxOutputTokens = 90_000 }, new() { MaxUsd = 0.01m }).AskAsync(streaming);
        Assert.That(Calls[0].Options?.MaxOutputTokens, Is.InRange(2_400, 2_500));
        Assert.That(response.GetReceipt()!.Notes, Has.One.Contains("limited to"));
    }

    [TestCase(1, 1)]
    [TestCase(0.25, 2)]
    [TestCase(1, 4)]
    public async Task ACeilingThatDividesEvenly_PaysAPromptOfAnyLength(decimal input, decimal output)
    {
        SelectionMember known = Choosing.Member("mini", input: input, output: output, deployments: [new Deployment { Name = "mini" }]);
        RouterChatClient router = new("main", [new Member("mini", _clients[0])], new RouterOptions { Selection = new() { Members = [known], Requirements = new() { MaxUsd = 0.01m } } });
        for (int length = 1; length <= 64; length++)
        {
            await router.AskAsync(length % 2 == 0, new string('x', length));
        }

        Assert.That(Calls, Has.Count.EqualTo(64));
    }

    [TestCase(90_000, 500, 500)]
    [TestCase(200, 500, 200)]
    [TestCase(200, null, 200)]
    [TestCase(null, 500, 500)]
    public async Task TheSmallestLimitCounts_OfCallerMemberAndCeiling(int? own, int? callers, int? sent)
    {
        foreach (bool streaming in new[] { true, false })
        {
            Calls.Clear();
            await Router(new() { Model = "mini", Name = "v", Seed = 1, MaxOutputTokens = own }, new() { MaxUsd = 0.01m }).AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = callers });
            Assert.That(Calls[0].Options?.MaxOutputTokens, Is.EqualTo(sent));
        }
    }

    [Test]
    public async Task Issue_7_InstructionsAndExamplesOfAMember_ArePaidFromTheCeiling([Values] bool examples)
    {
        MemberOptions way = examples
            ? new() { Model = "mini", Name = "v", Examples = [new ChatExample(new string('x', 4_000), new string('y', 1_000))] }
            : new() { Model = "mini", Name = "v", System = new string('x', 5_000) };
        await Router(way, new() { MaxUsd = 0.01m }).AskAsync(false);

        // 5,000 bytes are the member's own, at most at the rate of a cache write, which is $1.25.
        Assert.That(Calls[0].Options?.MaxOutputTokens, Is.InRange(900, 930));
        MemberOptions dear = new() { Model = "mini", Name = "v", System = new string('x', 40_000) };
        Assert.That(async () => await Router(dear, new() { MaxUsd = 0.01m }).AskAsync(false), Throws.InstanceOf<NoEligibleModelException>().With.Message.Contains("could cost more"));
    }

    [Test]
    public void Issue_7_InstructionsAndTheLimitOfAMember_MustFitTheWindow()
    {
        Assert.That(
            async () => await Router(new() { Model = "mini", Name = "v", System = new string('x', 110_000) }, Requirements.None).AskAsync(false),
            Throws.InstanceOf<NoEligibleModelException>().With.Message.Contains("do not fit its window"));
        Assert.That(
            async () => await Router(new() { Model = "mini", Name = "v", System = new string('x', 20_000), MaxOutputTokens = 85_000 }, Requirements.None).AskAsync(false),
            Throws.InstanceOf<NoEligibleModelException>().With.Message.Contains("do not fit its window"));
        Assert.That(Calls, Is.Empty);
    }

    [Test]
    public void WhatIsAttachedAndWhatIsAMembersOwn_IsExpectedToBeFewerTokensThanBytes()
    {
        RequestProfile attached = new([new ChatMessage(ChatRole.User, [new DataContent(System.Text.Encoding.UTF8.GetBytes(new string('x', 10_000)), "text/csv")])]);
        RequestProfile sound = new([new ChatMessage(ChatRole.User, [new DataContent(new byte[10_000], "audio/wav")])]);
        Candidate plain = SelectionSnapshot.Create([Choosing.Member("m")]).Candidates[0];
        SelectionMember known = Choosing.Member("m");
        Candidate own = new(known, known.Deployments[0], memberIndex: 0, near: null, new MemberOptions { Model = "m", System = new string('x', 10_000) });
        Assert.Multiple(() =>
        {
            Assert.That(plain.InputTokens(attached), Is.GreaterThan(10_000), "ceilings keep the bound");
            Assert.That(plain.ExpectedInput(attached), Is.EqualTo(2_400).Within(30));
            Assert.That(plain.ExpectedInput(sound), Is.GreaterThan(10_000), "nobody knows");
            Assert.That(own.InputTokens(Choosing.Profile()), Is.GreaterThan(10_000));
            Assert.That(own.ExpectedInput(Choosing.Profile()), Is.EqualTo(2_400).Within(30));
        });
    }

    private RouterChatClient Router(MemberOptions way, Requirements requirements)
    {
        SelectionMember known = Choosing.Member("v", maxOutput: 90_000, input: 1m, output: 4m, deployments: [new Deployment { Name = "v" }]);
        return new RouterChatClient("main", Member.Create([way], _ => _clients[0]), new RouterOptions { Selection = new() { Members = [known], Requirements = requirements } });
    }
}
