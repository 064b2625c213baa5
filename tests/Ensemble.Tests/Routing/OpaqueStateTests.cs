using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>Reasoning that only its issuer can read: stripped for others, or the conversation stays with the issuer; the receipt says which.</summary>
public class OpaqueStateTests
{
    [Test]
    public async Task Strip_OtherMemberGetsTheConversationWithout_AndTheIssuerWith([Values] bool streaming, [Values] bool throughJson)
    {
        FakeClient first = Reasons("first"), second = FakeClient.Says("b");
        RouterChatClient router = Router(OpaqueStatePolicy.Strip, first, second);
        List<ChatMessage> history = await TurnAsync(router, streaming, throughJson);
        ChatResponse other = await SendAsync(router, streaming, history, "second"), same = await SendAsync(router, streaming, history, "first");
        Assert.Multiple(() =>
        {
            Assert.That(States(second.Calls[^1]), Is.Zero);
            Assert.That(second.Calls[^1].Messages.Select(message => message.Text), Is.EqualTo(new[] { "q", "first", "more" }), "the words stay");
            Assert.That(States(first.Calls[^1]), Is.EqualTo(1));
            Assert.That(other.GetReceipt()!.Notes, Has.Some.EqualTo("1 pieces of reasoning that only another provider can read were stripped for second."));
            Assert.That(same.GetReceipt()!.Notes, Is.Empty);
            Assert.That(history.Sum(message => message.Contents.Count(content => content is TextReasoningContent)), Is.EqualTo(1), "the caller's messages are untouched");
        });
    }

    [Test]
    public async Task Pin_OnlyTheIssuerIsAsked_WhateverFails([Values] bool streaming, [Values] bool throughJson)
    {
        FakeClient second = Reasons("second");
        bool down = true;
        FakeClient first = new(_ => down ? FakeClient.Throws(new HttpRequestException("down")).GetStreamingResponseAsync([]) : FakeClient.Says("a").GetStreamingResponseAsync([]));
        RouterChatClient router = Router(OpaqueStatePolicy.Pin, first, second);
        List<ChatMessage> history = await TurnAsync(router, streaming, throughJson);
        down = false;
        ChatResponse response = await SendAsync(router, streaming, history, hint: null);
        Assert.Multiple(() =>
        {
            Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("second"), "first stands first and is well again");
            Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains("pinned to second"));
            Assert.That(States(second.Calls[^1]), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task StateOfUnknownOrigin_IsForNobody([Values] bool streaming, [Values] OpaqueStatePolicy policy)
    {
        FakeClient first = FakeClient.Says("a");
        RouterChatClient router = Router(policy, first, FakeClient.Says("b"));
        ChatResponse response = await SendAsync(router, streaming, [new(ChatRole.User, "q"), new(ChatRole.Assistant, [new TextReasoningContent("r") { ProtectedData = "sealed" }])], hint: null);
        Assert.That(first.Calls[^1].Messages, Has.Count.EqualTo(2), "a message that held nothing else is left out");
        Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains("stripped for first"));
    }

    [Test]
    public async Task OneMember_GetsEverything()
    {
        FakeClient only = FakeClient.Says("a");
        await SendAsync(new RouterChatClient("main", [new Member("only", only)]), streaming: false, [new(ChatRole.Assistant, [new TextReasoningContent("r") { ProtectedData = "sealed" }])], hint: null);
        Assert.That(States(only.Calls[0]), Is.EqualTo(1));
    }

    [Test]
    public async Task ReadableReasoning_GoesToEverybody([Values] bool streaming)
    {
        FakeClient first = FakeClient.Says("a");
        await SendAsync(Router(OpaqueStatePolicy.Strip, first, FakeClient.Says("b")), streaming, [new(ChatRole.Assistant, [new TextReasoningContent("r")])], hint: null);
        Assert.That(first.Calls[0].Messages[0].Contents.Single(), Is.InstanceOf<TextReasoningContent>());
    }

    [Test]
    public async Task ACascade_StripsToo_AndMarksWhatItAnswers([Values] bool streaming, [Values] OpaqueStatePolicy policy)
    {
        FakeClient first = FakeClient.Throws(new HttpRequestException("down")), second = Reasons("second");
        CascadeOptions options = new();
        options.DeferBelow.Agreement = 0.5;
        options.Routing.OpaqueState = policy;
        CascadeChatClient cascade = new("main", [new Member("first", first), new Member("second", second)], options);
        List<ChatMessage> history = [new(ChatRole.User, "q"), .. (await cascade.AskAsync(streaming, "q")).Messages];
        ChatResponse response = await SendAsync(cascade, streaming, history, hint: null);
        Assert.That(States(second.Calls[^1]), Is.EqualTo(1), "it is its own");
        Assert.That(first.Calls, Has.Count.EqualTo(policy == OpaqueStatePolicy.Pin ? 1 : 2));
        Assert.That(first.Calls.Select(States), Is.All.Zero);
        Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains(policy == OpaqueStatePolicy.Pin ? "pinned to second" : "stripped for first"));
    }

    [Test]
    public async Task APanel_StripsToo_AndMarksWhatItAnswers([Values] bool streaming)
    {
        FakeClient first = Reasons("yes"), second = FakeClient.Says("yes");
        PanelChatClient panel = new("main", [new Member("first", first), new Member("second", second)], new PanelOptions { Normalizer = BallotNormalizer.Exact });
        List<ChatMessage> history = [new(ChatRole.User, "q"), .. (await panel.AskAsync(streaming, "q")).Messages];
        ChatResponse response = await SendAsync(panel, streaming, history, hint: null);
        Assert.That((States(first.Calls[^1]), States(second.Calls[^1])), Is.EqualTo((1, 0)));
        Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains("stripped for every member but the one that it came from"));
    }

    [Test]
    public async Task ReasoningThatComesInPieces_OfWhichTheLastIsSealed_GoesBackToItsIssuer([Values] bool streaming, [Values] bool cascades)
    {
        FakeClient first = FakeClient.Throws(new HttpRequestException("down")), second = FakeClient.Sends(
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("I think")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent(", so I am")]),
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent(null) { ProtectedData = "signature" }]),
            new ChatResponseUpdate(ChatRole.Assistant, "answer") { FinishReason = ChatFinishReason.Stop });
        Member[] members = [new("first", first), new("second", second)];
        CascadeOptions options = new();
        options.DeferBelow.Agreement = 0.5;
        IChatClient client = cascades ? new CascadeChatClient("main", members, options) : new RouterChatClient("main", members);
        List<ChatMessage> history = [new(ChatRole.User, "q"), .. (await client.AskAsync(streaming, "q")).Messages];
        _ = await SendAsync(client, streaming, history, hint: null);
        Assert.That((States(first.Calls[^1]), States(second.Calls[^1])), Is.EqualTo((0, 1)));
        Assert.That(second.Calls[^1].Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().First().Text, Is.EqualTo("I think, so I am"));
    }

    [Test]
    public async Task CallOfATool_WhoseReasoningIsStripped_LosesItsRawFormToo([Values] bool streaming)
    {
        object raw = new();
        FakeClient first = FakeClient.Says("a"), second = FakeClient.Sends(
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("thinking") { ProtectedData = "sealed" }, new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["x"] = 1 }) { RawRepresentation = raw }]) { FinishReason = ChatFinishReason.ToolCalls });
        RouterChatClient router = Router(OpaqueStatePolicy.Strip, first, second);
        List<ChatMessage> history = [new(ChatRole.User, "q"), .. (await SendAsync(router, streaming, [], "second")).Messages, new(ChatRole.Tool, [new FunctionResultContent("1", "done")])];
        _ = await SendAsync(router, streaming, history, "first");
        _ = await SendAsync(router, streaming, history, "second");
        FunctionCallContent[] calls = [.. new[] { first, second }.Select(client => client.Calls[^1].Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single())];
        Assert.That(calls.Select(call => (call.CallId, call.Name, call.Arguments!["x"])), Is.All.EqualTo(("1", "f", (object)1)));
        Assert.That(calls.Select(call => call.RawRepresentation), Is.EqualTo(new[] { null, raw }), "OpenAI refuses 'fc_…' without its reasoning item");
    }

    [Test]
    public async Task VotersOfOneModel_AreOneIssuer([Values] bool streaming, [Values] bool another)
    {
        FakeClient other = FakeClient.Says("yes");
        FakeClient model = Reasons("yes");
        IChatClient one = model.AsModel(Selection.Choosing.Member("one", input: 0m, output: 0m));
        MemberOptions[] described = [new() { Model = "one", Count = 3, Temperature = 0.7f }, .. another ? [new MemberOptions { Model = "other" }] : Array.Empty<MemberOptions>()];
        PanelChatClient panel = new("main", Member.Create(described, name => name == "one" ? one : other), new PanelOptions { Normalizer = BallotNormalizer.Exact });
        List<ChatMessage> history = [new(ChatRole.User, "q"), .. (await panel.AskAsync(streaming, "q")).Messages];
        model.Calls.Clear();
        ChatResponse response = await SendAsync(panel, streaming, history, hint: null);
        Assert.That(model.Calls.Select(States), Is.All.EqualTo(1), "a provider that wants its reasoning back with the result of a tool gets it from each");
        Assert.That(other.Calls.Select(States), Is.All.Zero);
        Assert.That(response.GetReceipt()!.Notes.Count(note => note.Contains("stripped", StringComparison.Ordinal)), Is.EqualTo(another ? 1 : 0));
    }

    private static FakeClient Reasons(string name) => FakeClient.Sends(
        new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("thinking") { ProtectedData = $"sealed by {name}" }]),
        new ChatResponseUpdate(ChatRole.Assistant, name) { FinishReason = ChatFinishReason.Stop });

    private static RouterChatClient Router(OpaqueStatePolicy policy, FakeClient first, FakeClient second) =>
        new("main", [new Member("first", first), new Member("second", second)], new RouterOptions { OpaqueState = policy });

    private static async Task<List<ChatMessage>> TurnAsync(RouterChatClient router, bool streaming, bool throughJson)
    {
        ChatResponse response = await router.AskAsync(streaming, "q");
        List<ChatMessage> history = [new(ChatRole.User, "q"), .. response.Messages];
        return throughJson ? JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(history, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)! : history;
    }

    private static async Task<ChatResponse> SendAsync(IChatClient router, bool streaming, List<ChatMessage> history, string? hint)
    {
        ChatOptions options = new() { ModelId = hint };
        List<ChatMessage> messages = [.. history, new(ChatRole.User, "more")];
        return streaming ? await router.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await router.GetResponseAsync(messages, options);
    }

    private static int States(FakeCall call) => call.Messages.SelectMany(message => message.Contents).Count(content => content is TextReasoningContent { ProtectedData: not null });
}
