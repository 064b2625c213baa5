using System.Text.Json;
using Ensemble.Tests.Selection;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>What middleware between a rule and a model changes in place is read again, whoever set the rule.</summary>
internal sealed class ScannedAgainTests
{
    private const string Mail = "ada@example.com";

    private static readonly SelectionMember Hosted = Choosing.Member("mini", input: 0.1m, output: 0.4m, quality: 0.6, deployments: [new Deployment { Name = "mini", Processing = "US" }]);

    private static readonly SelectionMember Local = Choosing.Member("loc", quality: 0.4, deployments: [new Deployment { Name = "loc", InProcess = true }]);

    public static IEnumerable<TestCaseData> Changes()
    {
        yield return Case("a content that is added", (messages, _) => messages[^1].Contents.Add(new TextContent(Mail)));
        yield return Case("a text that is replaced", (messages, _) => ((TextContent)messages[^1].Contents[0]).Text = Mail);
        yield return Case("a content that is replaced", (messages, _) => messages[^1].Contents[0] = new TextContent(Mail));
        yield return Case("contents that are replaced", (messages, _) => messages[^1].Contents = [new TextContent(Mail)]);
        yield return Case("an author", (messages, _) => messages[^1].AuthorName = Mail);
        yield return Case("a message in the list itself", (messages, _) => messages.Add(new ChatMessage(ChatRole.User, Mail)));
        yield return Case("a message in the place of another", (messages, _) => messages[0] = new ChatMessage(ChatRole.User, Mail));
        yield return Case("a result of a tool", (messages, _) => ((FunctionResultContent)messages[0].Contents[1]).Result = Mail);
        yield return Case("what a tool's result holds", (messages, _) => ((Dictionary<string, object?>)((FunctionResultContent)messages[0].Contents[2]).Result!)["to"] = Mail);
        yield return Case("an argument of a call", (messages, _) => ((FunctionCallContent)messages[0].Contents[0]).Arguments!["to"] = Mail);
        yield return Case("what a provider's own tool said", (messages, _) => ((McpServerToolResultContent)messages[0].Contents[3]).Outputs = [new TextContent(Mail)]);
        yield return Case("instructions", (_, options) => options.Instructions = Mail);
        yield return Case("a property of the options", (_, options) => (options.AdditionalProperties ??= [])["user"] = JsonSerializer.SerializeToElement(new { mail = Mail }));
        yield return Case("a stop sequence", (_, options) => options.StopSequences = [Mail]);

        static TestCaseData Case(string name, Action<List<ChatMessage>, ChatOptions> change) => new TestCaseData(change).SetArgDisplayNames(name);
    }

    [Test]
    public async Task WhatIsChangedOnTheWay_IsScannedAgain([ValueSource(nameof(Changes))] TestCaseData change, [Values("route", "request", "model")] string ruledBy, [Values] bool streaming)
    {
        Action<List<ChatMessage>, ChatOptions> change1 = (Action<List<ChatMessage>, ChatOptions>)change.Arguments[0]!;
        FakeClient hosted = FakeClient.Says("hosted");
        IChatClient middle = Between(hosted.AsModel(Hosted), change1);
        Requirements keep = new() { KeepLocal = SensitiveData.Email };
        RouterOptions options = ruledBy == "route" ? new() { Selection = new() { Requirements = keep } } : new();
        Member[] members = [new("mini", middle), new("loc", FakeClient.Says("loc").AsModel(Local))];
        IChatClient asked = ruledBy == "model" ? middle : new RouterChatClient("main", members, options);
        ChatOptions? of = ruledBy == "route" ? null : new ChatOptions().WithEnsemble(r => r with { Requirements = keep });
        if (ruledBy == "model")
        {
            Assert.That(async () => await Send(asked, of, streaming), Throws.InstanceOf<NoEligibleModelException>());
        }
        else
        {
            Assert.That((await Send(asked, of, streaming)).Text, Is.EqualTo("loc"));
        }

        Assert.That(hosted.Calls, Is.Empty);
    }

    [Test]
    public async Task WhatIsChangedToHarmlessText_KeepsItsModel_AndUnchangedTextIsReadOnce([Values] bool streaming)
    {
        int scans = 0;
        EnsembleRuntime runtime = new() { SensitiveTextDetector = text => Interlocked.Increment(ref scans) < 0 ? SensitiveData.Custom : SensitiveData.None };
        FakeClient hosted = FakeClient.Says("hosted");
        ChatOptions options = new ChatOptions().WithEnsemble(r => r with { Requirements = new() { KeepLocal = SensitiveData.All } });
        RouterChatClient plain = new("main", [new Member("mini", Between(hosted.AsModel(Hosted, runtime), (_, _) => { }))], runtime: runtime);
        await plain.AskAsync(streaming, options: options);
        Assert.That(scans, Is.EqualTo(1));
        RouterChatClient changed = new("main", [new Member("mini", Between(hosted.AsModel(Hosted, runtime), (messages, _) => messages[^1].Contents[0] = new TextContent("be short")))], runtime: runtime);
        Assert.That((await changed.AskAsync(streaming, options: options)).Text, Is.EqualTo("hosted"));
        Assert.That(scans, Is.EqualTo(3));
    }

    private static IChatClient Between(IChatClient model, Action<List<ChatMessage>, ChatOptions> change) => model.AsBuilder().Use(
        (messages, options, next, token) => next.GetResponseAsync(Changed(messages, options, change, out ChatOptions own), own, token),
        (messages, options, next, token) => next.GetStreamingResponseAsync(Changed(messages, options, change, out ChatOptions own), own, token)).Build();

    private static List<ChatMessage> Changed(IEnumerable<ChatMessage> messages, ChatOptions? options, Action<List<ChatMessage>, ChatOptions> change, out ChatOptions own)
    {
        own = options?.Clone() ?? new ChatOptions();
        List<ChatMessage> list = messages as List<ChatMessage> ?? [.. messages];
        change(list, own);
        return list;
    }

    private static async Task<ChatResponse> Send(IChatClient client, ChatOptions? options, bool streaming)
    {
        List<ChatMessage> messages =
        [
            new(ChatRole.Tool, [new FunctionCallContent("1", "send", new Dictionary<string, object?> { ["to"] = "nobody" }), new FunctionResultContent("1", "done"), new FunctionResultContent("2", new Dictionary<string, object?> { ["to"] = "nobody" }), new McpServerToolResultContent("3") { Outputs = [new TextContent("nothing")] }]),
            new(ChatRole.User, "hello"),
        ];
        return streaming ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);
    }
}
