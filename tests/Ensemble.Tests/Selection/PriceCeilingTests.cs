using System.Net;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection;

/// <summary>A price ceiling and a deadline of the requirements hold for the whole request, whatever it sends and however its attempts end.</summary>
internal sealed class PriceCeilingTests
{
    private static readonly UsageDetails Dear = new() { InputTokenCount = 30, OutputTokenCount = 2_400 };

    [Test]
    public async Task Issue_7_WhatAFailedAttemptWasBilled_IsMissingFromTheCeilingOfTheNext([Values] bool streaming)
    {
        FakeClient a = Empty(Dear), b = FakeClient.Says("yes", new UsageDetails { InputTokenCount = 30, OutputTokenCount = 10 });
        ChatResponse response = await Router(new() { MaxUsd = 0.02m }, ("a", a), ("b", b)).AskAsync(streaming);
        Assert.That(response.Text, Is.EqualTo("yes"));
        Assert.That(a.Calls[0].Options?.MaxOutputTokens, Is.InRange(4_900, 5_000));
        Assert.That(b.Calls[0].Options?.MaxOutputTokens, Is.InRange(2_500, 2_600));
    }

    [Test]
    public async Task Issue_7_WhenNothingIsLeft_TheRefusalSaysSo([Values] bool streaming, [Values] bool saysUsage)
    {
        FakeClient a = Empty(saysUsage ? new UsageDetails { InputTokenCount = 30, OutputTokenCount = 2_450 } : null), b = FakeClient.Says("yes", Dear);
        BudgetExceededException error = (await Assert.ThrowsAsync<BudgetExceededException>(() => Router(new() { MaxUsd = 0.01m }, ("a", a), ("b", b)).AskAsync(streaming)))!;
        Assert.That(error.Message, Does.Contain("the price ceiling of $0.01 pays for no further attempt").And.Contain("MaxOutputTokens"));
        Assert.That(error.CapUsd, Is.EqualTo(0.01m));
        Assert.That(error.SpentUsd, Is.InRange(0.0098m, 0.01m));
        Assert.That(error.Receipt!.Attempts.Select(attempt => attempt.Outcome), Is.EqualTo(new[] { AttemptOutcome.Failed, AttemptOutcome.Skipped }));
        Assert.That(b.Calls, Is.Empty);
    }

    [Test]
    public async Task ARefusalThatCostNothing_LeavesTheWholeCeilingToTheNext([Values] bool streaming)
    {
        FakeClient b = FakeClient.Says("yes", Dear);
        _ = await Router(new() { MaxUsd = 0.01m }, ("a", FakeClient.Throws(new HttpRequestException("no", null, HttpStatusCode.TooManyRequests))), ("b", b)).AskAsync(streaming);
        Assert.That(b.Calls[0].Options?.MaxOutputTokens, Is.InRange(2_400, 2_500));
    }

    [Test]
    public async Task WithALimitOfTheCaller_TheCeilingPaysForAsManyWholeAnswersAsItCan([Values] bool streaming)
    {
        // Each limit on members without a past, of which none is out after failures.
        Assert.That((await Ask(800)).Text, Is.EqualTo("yes"));
        _ = await Assert.ThrowsAsync<BudgetExceededException>(() => Ask(1_200));

        Task<ChatResponse> Ask(int limit) =>
            Router(new() { MaxUsd = 0.01m }, ("a", Broken()), ("b", Broken()), ("c", FakeClient.Says("yes", Dear))).AskAsync(streaming, options: new ChatOptions { MaxOutputTokens = limit });
    }

    [TestCase("text/plain")]
    [TestCase("application/pdf")]
    [TestCase("audio/wav")]
    public async Task Issue_7_AttachedData_IsInTheBoundOfPriceAndWindow(string mediaType)
    {
        FakeClient a = FakeClient.Says("yes");
        NoEligibleModelException dear = (await Assert.ThrowsAsync<NoEligibleModelException>(() => AskWith(new DataContent(new byte[50_000], mediaType), a, new() { MaxUsd = 0.01m })))!;
        Assert.That(dear.Message, Does.Contain("could cost more"));
        NoEligibleModelException large = (await Assert.ThrowsAsync<NoEligibleModelException>(() => AskWith(new DataContent(new byte[1_000_000], mediaType), a, Requirements.None)))!;
        Assert.That(large.Message, Does.Contain("do not fit its window"));
        Assert.That(a.Calls, Is.Empty);
    }

    [Test]
    public async Task Issue_7_AnImageOfUnknownTokens_HasNoPriceUnderACeiling_AlsoInAResultOfATool([Values] bool inTool, [Values] bool remote)
    {
        FakeClient a = FakeClient.Says("yes");
        AIContent image = remote ? new UriContent("https://example.com/a.png", "image/png") : new DataContent(new byte[10], "image/png");
        AIContent content = inTool ? new FunctionResultContent("c1", new List<AIContent> { image }) : image;
        NoEligibleModelException error = (await Assert.ThrowsAsync<NoEligibleModelException>(() => AskWith(content, a, new() { MaxUsd = 0.01m })))!;
        Assert.That(error.Message, Does.Contain("what an image costs is unknown; set ImageTokens"));
        _ = await AskWith(content, a, new() { MaxUsd = 0.01m }, imageTokens: 5_000);
        Assert.That(a.Calls[0].Options?.MaxOutputTokens, Is.InRange(1_200, 1_250));
        NoEligibleModelException blind = (await Assert.ThrowsAsync<NoEligibleModelException>(() => AskWith(content, a, Requirements.None, imageTokens: 1, can: ModelCapabilities.None)))!;
        Assert.That(blind.Message, Does.Contain("lacks Vision"));
    }

    [Test]
    public async Task AFileThatIsSentByItsAddress_HasNoPriceUnderACeiling_AndIsFreeWherePromptsAre()
    {
        FakeClient a = FakeClient.Says("yes");
        UriContent file = new("https://example.com/a.pdf", "application/pdf");
        Assert.That(async () => await AskWith(file, a, new() { MaxUsd = 0.01m }), Throws.InstanceOf<NoEligibleModelException>().With.Message.Contains("send its data"));
        _ = await AskWith(file, a, new() { MaxUsd = 0.01m }, inProcess: true);
        Assert.That(a.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void ABoundForTheWholeProduct_TheProfileAndTheLedgerCountTheSame()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, [new TextContent("안녕"), new DataContent(new byte[700], "text/csv"), new UriContent("https://example.com/b.pdf", "application/pdf")]) { AuthorName = "ada" },
            new(ChatRole.Assistant, [new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "서울" })]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "sunny")]),
        ];
        ChatOptions options = new() { Instructions = "Be brief.", Tools = [AIFunctionFactory.Create((int a) => a, "twice", "Doubles.")], ResponseFormat = ChatResponseFormat.ForJsonSchema<int[]>() };
        Assert.That(new RequestProfile(messages, options).GetInputTokens(null), Is.EqualTo(CostBounds.UpperInputTokens(messages, options)));
        Assert.That(new RequestProfile(messages, options).GetInputTokens("o200k_base"), Is.GreaterThan(700).And.LessThan(CostBounds.UpperInputTokens(messages, options)));
    }

    [TestCase(true, false)]
    [TestCase(true, true)]
    [TestCase(false, false)]
    [TestCase(false, true)]
    public void Issue_7_ADeadlineOfTheRequirements_CutsAMemberOfWhichNothingWasMeasured(bool streaming, bool ofTheRequest)
    {
        VirtualTime time = new();
        using ScriptedMember slow = new ScriptedMember("a", time).Always(AnswerScript.Hang());
        Requirements deadline = new() { Deadline = TimeSpan.FromSeconds(1) };
        SelectionOptions selection = new() { Members = [Member("a")], Requirements = ofTheRequest ? Requirements.None : deadline };
        RouterChatClient router = new("main", [new Member("a", slow)], new RouterOptions { Selection = selection }, new EnsembleRuntime { TimeProvider = time });
        ChatOptions? options = ofTheRequest ? new ChatOptions().WithEnsemble(request => request with { Requirements = deadline }) : null;
        Assert.Throws<DeadlineExceededException>(() => time.Run(() => router.AskAsync(streaming, options: options)));
        Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void OfSeveralDeadlines_TheLeastCounts([Values] bool streaming, [Values(1, 2, 3)] int least)
    {
        VirtualTime time = new();
        using ScriptedMember slow = new ScriptedMember("a", time).Always(AnswerScript.Hang());
        RouterOptions options = new()
        {
            Deadline = TimeSpan.FromSeconds(least == 1 ? 1 : 5),
            Selection = new() { Members = [Member("a")], Requirements = new() { Deadline = TimeSpan.FromSeconds(least == 2 ? 1 : 5) } },
        };
        RouterChatClient router = new("main", [new Member("a", slow)], options, new EnsembleRuntime { TimeProvider = time });
        ChatOptions asked = new ChatOptions().WithEnsemble(request => request with { TimeLimit = TimeSpan.FromSeconds(least == 3 ? 1 : 5) });
        Assert.Throws<DeadlineExceededException>(() => time.Run(() => router.AskAsync(streaming, options: asked)));
        Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    private static SelectionMember Member(string name, long? imageTokens = null, ModelCapabilities? can = null, bool inProcess = false) => new()
    {
        Name = name,
        Card = new ModelCard
        {
            Id = name,
            ContextWindow = 100_000,
            MaxOutputTokens = 10_000,
            Capabilities = can ?? (ModelCapabilities.Vision | ModelCapabilities.Documents | ModelCapabilities.AudioInput),
            ImageTokens = imageTokens,
            Price = new Price { InputPerMillion = 1m, OutputPerMillion = 4m },
        },
        Deployments = [new Deployment { Name = name, InProcess = inProcess }],
    };

    private static FakeClient Broken() => FakeClient.Throws(new InvalidOperationException("broke"));

    private static FakeClient Empty(UsageDetails? usage) => new(_ => FakeClient.Pieces(usage, []));

    private static Task<ChatResponse> AskWith(AIContent content, FakeClient client, Requirements requirements, long? imageTokens = null, ModelCapabilities? can = null, bool inProcess = false)
    {
        RouterChatClient router = new("main", [new Member("a", client)], new RouterOptions { Selection = new() { Members = [Member("a", imageTokens, can, inProcess)], Requirements = requirements } });
        return router.GetResponseAsync([new ChatMessage(ChatRole.User, [new TextContent("Look at this."), content])]);
    }

    private static RouterChatClient Router(Requirements requirements, params (string Name, IChatClient Client)[] members) => new(
        "main",
        members.Select(member => new Member(member.Name, member.Client)),
        new RouterOptions { Selection = new() { Members = [.. members.Select(member => Member(member.Name))], Requirements = requirements } });
}
