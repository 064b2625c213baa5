using Microsoft.Extensions.AI;

namespace Ensemble.Testing.Tests;

public sealed class CassetteTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"ensemble-cassette-{Guid.NewGuid():N}.json");

    [Test]
    public async Task WhatWasRecorded_IsReplayedOfflineInBothWays([Values] bool recordStreaming, [Values] bool replayStreaming)
    {
        using (IChatClient recorder = Cassette.Open(_path, () => new ScriptedMember("mini").Always(AnswerScript.Text("Hel", "lo").ReportingUsage(5, 2))))
        {
            await Ask(recorder, "Say hello to the world", recordStreaming);
        }

        using IChatClient replay = Cassette.Open(_path, () => throw new InvalidOperationException("The real client must not be made."));
        ChatResponse response = await Ask(replay, "Say hello to the world", replayStreaming);
        Assert.That(response.Text, Is.EqualTo("Hello"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(response.Usage!.OutputTokenCount, Is.EqualTo(2));
    }

    [Test]
    public async Task AnotherPromptOrOtherOptions_AreAnError()
    {
        Cassette cassette = new();
        using IChatClient recorder = cassette.Record(new ScriptedMember("mini").Always(AnswerScript.Text("yes")));
        await recorder.GetResponseAsync("one");
        using IChatClient replay = cassette.Replay();
        Assert.That(() => replay.GetResponseAsync("two"), Throws.InvalidOperationException.With.Message.Contains("record it anew"));
        Assert.That(() => replay.GetResponseAsync("one", new ChatOptions { Temperature = 0.5f }), Throws.InvalidOperationException);
        Assert.That((await replay.GetResponseAsync("one")).Text, Is.EqualTo("yes"));
    }

    [Test]
    public async Task TheSamePromptAskedAgain_GetsTheNextAnswer()
    {
        Cassette cassette = new();
        using IChatClient recorder = cassette.Record(new ScriptedMember("mini").Always(call => AnswerScript.Text($"{call.Index}")));
        await recorder.GetResponseAsync("hi");
        await recorder.GetResponseAsync("hi");
        using IChatClient replay = cassette.Replay();
        string[] texts = [(await replay.GetResponseAsync("hi")).Text, (await replay.GetResponseAsync("hi")).Text, (await replay.GetResponseAsync("hi")).Text];
        Assert.That(texts, Is.EqualTo(new[] { "0", "1", "1" }));
    }

    [TestCase("My key is sk-proj-abcdefghijklmnop1234, keep it.", "My key is [secret], keep it.")]
    [TestCase("Authorization: Bearer abcdefghijklmnopqrst==", "Authorization: Bearer [secret]")]
    [TestCase("You asked: What is the capital of my secret country?", "You asked: [prompt]")]
    public async Task SecretsAndPrompts_AreNotKeptEvenAcrossPieces(string answer, string kept)
    {
        string[] letters = [.. answer.Select(letter => letter.ToString())];
        using (IChatClient recorder = Cassette.Open(_path, () => new ScriptedMember("mini").Always(AnswerScript.Text(letters))))
        {
            await Ask(recorder, "What is the capital of my secret country?", streaming: true);
        }

        string file = await File.ReadAllTextAsync(_path);
        Assert.That(file, Does.Not.Contain("capital").And.Not.Contain("abcdefghij"));
        Assert.That((await Cassette.Load(_path).Replay().GetResponseAsync("What is the capital of my secret country?")).Text, Is.EqualTo(kept));
    }

    [Test]
    public async Task AFailedOrAbandonedCall_IsNotRecorded()
    {
        Cassette cassette = new();
        using IChatClient recorder = cassette.Record(new ScriptedMember("mini").Next(AnswerScript.Http(500)).Next(AnswerScript.Text("a", "b")));
        Assert.That(() => recorder.GetResponseAsync("hi"), Throws.TypeOf<ModelHttpException>());
        await foreach (ChatResponseUpdate _ in recorder.GetStreamingResponseAsync("hi"))
        {
            break;
        }

        Assert.That(cassette.Count, Is.Zero);
    }

    [Test]
    public async Task SecretsAndPrompts_AreNotKeptInReasoningToolArgumentsOrInstructions([Values] bool streaming)
    {
        const string Prompt = "What is the capital of my secret country?", Instructions = "You are the oracle of the hidden valley.";
        string[] keys = ["gsk_" + new string('a', 52), "hf_" + new string('b', 34), "xai-" + new string('c', 80)];
        using (IChatClient recorder = Cassette.Open(_path, () => new ScriptedMember("mini").Always(AnswerScript.Contents(
            new TextReasoningContent($"They ask: {Prompt} "),
            new TextReasoningContent($"I am told: {Instructions[..20]}"),
            new TextReasoningContent(Instructions[20..]),
            new FunctionCallContent("1", "search", new Dictionary<string, object?> { ["query"] = Prompt, [keys[0]] = new Dictionary<string, object?> { ["deep"] = $"{keys[1]}, {keys[2]}" } }),
            new TextContent($"As told: {Instructions}")))))
        {
            ChatOptions options = new() { Instructions = Instructions };
            _ = streaming ? await recorder.GetStreamingResponseAsync(Prompt, options).ToChatResponseAsync() : await recorder.GetResponseAsync(Prompt, options);
        }

        string file = await File.ReadAllTextAsync(_path);
        Assert.That(file, Does.Contain("search").And.Not.Contain("capital").And.Not.Contain("hidden").And.Not.Contain("aaaa").And.Not.Contain("bbbb").And.Not.Contain("cccc"));
    }

    private static readonly ChatOptions[] Others =
    [
        new() { ModelId = "large" },
        new() { TopP = 0.5f },
        new() { StopSequences = ["end"] },
        new() { ToolMode = ChatToolMode.RequireAny },
        new() { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } },
        new() { ResponseFormat = ChatResponseFormat.Json },
        new() { Tools = [AIFunctionFactory.Create((string other) => other, "look", "Looks.")] },
        new() { Tools = [AIFunctionFactory.Create((int one) => one, "look", "Looks.")] },
    ];

    [Test]
    public async Task EveryOptionThatDecidesTheAnswer_IsPartOfTheKey()
    {
        Cassette cassette = new();
        using IChatClient recorder = cassette.Record(new ScriptedMember("mini").Always(call => AnswerScript.Text($"{call.Index}")));
        await recorder.GetResponseAsync("hi");
        foreach (ChatOptions options in Others)
        {
            await recorder.GetResponseAsync("hi", options);
        }

        using IChatClient replay = cassette.Replay();
        for (int i = Others.Length - 1; i >= 0; i--)
        {
            Assert.That((await replay.GetResponseAsync("hi", Others[i])).Text, Is.EqualTo($"{i + 1}"));
        }
    }

    [Test]
    public async Task AFailedRecording_IsNoCassette([Values] bool streaming, [Values] bool answersFirst)
    {
        ScriptedMember member = new ScriptedMember("mini").Always(AnswerScript.Http(401));
        member = answersFirst ? member.Next(AnswerScript.Text("yes")) : member;
        using (IChatClient recorder = Cassette.Open(_path, () => member))
        {
            if (answersFirst)
            {
                await Ask(recorder, "one", streaming);
            }

            Assert.That(() => Ask(recorder, "two", streaming), Throws.TypeOf<ModelHttpException>());
        }

        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    public void ARecordingOfNothing_IsNoCassette()
    {
        Cassette.Open(_path, () => new ScriptedMember("mini")).Dispose();
        Assert.That(File.Exists(_path), Is.False);
    }

    [Test]
    public async Task AToolLoop_IsReplayed_AlsoWhenItsArgumentsRepeatThePrompt([Values] bool recordStreaming, [Values] bool replayStreaming)
    {
        const string Prompt = "What is the capital of my secret country?";
        FunctionCallContent call = new("call-7", "look", new Dictionary<string, object?> { ["query"] = Prompt }) { AdditionalProperties = new() { ["signature"] = "of the provider" } };
        ScriptedMember member = new ScriptedMember("mini")
            .Next(AnswerScript.Contents(new TextReasoningContent("They ask ") { ProtectedData = "sealed" }, new TextReasoningContent("for a look."), new TextContent($"{Prompt} Let me look."), call))
            .Always(AnswerScript.Text("It is Bern."));
        ChatOptions options = new() { Tools = [AIFunctionFactory.Create((string query) => "Bern", "look")] };
        using (IChatClient recorder = Cassette.Open(_path, () => member).AsBuilder().UseFunctionInvocation().Build())
        {
            Assert.That((await Ask(recorder, Prompt, recordStreaming, options)).Text, Does.EndWith("It is Bern."));
        }

        string file = await File.ReadAllTextAsync(_path);
        Assert.That(file, Does.Contain("call-7").And.Not.Contain("capital").And.Not.Contain("sealed").And.Not.Contain("of the provider"));
        using IChatClient replay = Cassette.Load(_path).Replay().AsBuilder().UseFunctionInvocation().Build();
        Assert.That((await Ask(replay, Prompt, replayStreaming, options)).Text, Does.EndWith("It is Bern."));
    }

    [Test]
    public async Task AConversation_IsReplayed_AlsoWhenAnAnswerRepeatsThePrompt([Values] bool streaming)
    {
        using IChatClient real = new ScriptedMember("mini").Always(call => AnswerScript.Text("You asked: ", call.Messages[^1].Text, $" ({call.Index})"));
        Cassette cassette = new();
        using IChatClient recorder = cassette.Record(real);
        using IChatClient replay = cassette.Replay();
        foreach (IChatClient client in new[] { recorder, replay })
        {
            List<ChatMessage> conversation = [];
            foreach (string prompt in new[] { "What is the capital of my secret country?", "And of the other one, please?", "Thank you very much indeed." })
            {
                conversation.Add(new ChatMessage(ChatRole.User, prompt));
                ChatResponse response = streaming ? await client.GetStreamingResponseAsync(conversation).ToChatResponseAsync() : await client.GetResponseAsync(conversation);
                conversation.AddMessages(response);
            }

            Assert.That(conversation[^1].Text, Does.EndWith(" (2)"));
        }
    }

    [Test]
    public async Task TwoMessages_StayTwo([Values] bool replayStreaming)
    {
        using IChatClient real = new Two();
        Cassette cassette = new();
        using IChatClient recorder = cassette.Record(real);
        _ = await recorder.GetResponseAsync("hi");
        using IChatClient replay = cassette.Replay();
        Assert.That((await Ask(replay, "hi", replayStreaming)).Messages.Select(message => message.Text), Is.EqualTo(new[] { "one", "two" }));
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [TestCase("She said \"no\",\nand left for Köln & <Bonn>.")]
    [TestCase("C:\\secret\\plans\\of the valley")]
    public async Task APromptThatIsRepeatedWithinJson_IsNotKept(string prompt)
    {
        string relaxed = System.Text.Json.JsonSerializer.Serialize(new { said = prompt }, Relaxed);
        string strict = System.Text.Json.JsonSerializer.Serialize(new { said = prompt });
        Cassette cassette = new();
        using IChatClient recorder = cassette.Record(new ScriptedMember("mini").Next(AnswerScript.Text(relaxed)).Always(AnswerScript.Text(strict)));
        _ = await recorder.GetResponseAsync(prompt);
        _ = await recorder.GetResponseAsync(prompt);
        using IChatClient replay = cassette.Replay();
        string[] answers = [(await replay.GetResponseAsync(prompt)).Text, (await replay.GetResponseAsync(prompt)).Text];
        Assert.That(answers, Is.All.EqualTo("""{"said":"[prompt]"}"""));
    }

    [Test]
    public async Task APromptThatIsRepeatedWithoutTheSpaceAroundIt_IsNotKept()
    {
        const string Prompt = "\n  What is the capital of my secret country?\r\n";
        Cassette cassette = new();
        using IChatClient recorder = cassette.Record(new ScriptedMember("mini").Always(AnswerScript.Text($"You ask: {Prompt.Trim()}")));
        _ = await recorder.GetResponseAsync(Prompt);
        Assert.That((await cassette.Replay().GetResponseAsync(Prompt)).Text, Is.EqualTo("You ask: [prompt]"));
    }

    [Test]
    public async Task WhatAToolHasFound_IsNotKeptWhereTheAnswerRepeatsIt([Values] bool streaming)
    {
        const string Found = "Ada Lovelace, 12 Hidden Lane";
        ChatMessage[] conversation =
        [
            new(ChatRole.User, "Who is it?"),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "look")]),
            new(ChatRole.Tool, [new FunctionResultContent("1", Found)]),
        ];
        using (IChatClient recorder = Cassette.Open(_path, () => new ScriptedMember("mini").Always(AnswerScript.Text("It is ", Found, "."))))
        {
            _ = streaming ? await recorder.GetStreamingResponseAsync(conversation).ToChatResponseAsync() : await recorder.GetResponseAsync(conversation);
        }

        Assert.That(await File.ReadAllTextAsync(_path), Does.Contain("It is [prompt].").And.Not.Contain("Lovelace"));
    }

    [Test]
    public async Task FoldersOnTheWay_AreMade_AndTheRealClientIsDisposedWhateverHappens()
    {
        string folder = _path + ".d";
        ScriptedMember member = new ScriptedMember("mini").Always(AnswerScript.Text("yes"));
        try
        {
            IChatClient recorder = Cassette.Open(Path.Combine(folder, "deep", "one.json"), () => member);
            _ = await recorder.GetResponseAsync("hi");
            recorder.Dispose();
            Assert.That(Directory.GetFiles(Path.Combine(folder, "deep")), Has.Length.EqualTo(1), "and nothing beside it");

            Closing closing = new(member);
            IChatClient unlucky = Cassette.Open(Path.Combine(folder, "deep", "one.json", "two.json"), () => closing);
            _ = await unlucky.GetResponseAsync("hi");
            Assert.That(unlucky.Dispose, Throws.InstanceOf<IOException>());
            Assert.That(closing.IsDisposed, Is.True);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("not json")]
    [TestCase("""{"version":2,"calls":[]}""")]
    [TestCase("""{"version":1,"calls":[{}]}""")]
    public void AFileThatIsNoCassette_IsRefusedWithItsName(string text)
    {
        File.WriteAllText(_path, text);
        Assert.That(() => Cassette.Load(_path), Throws.TypeOf<InvalidDataException>().With.Message.Contains(_path));
    }

    public void Dispose() => File.Delete(_path);

    private static Task<ChatResponse> Ask(IChatClient client, string prompt, bool streaming, ChatOptions? options = null) =>
        streaming ? client.GetStreamingResponseAsync(prompt, options).ToChatResponseAsync() : client.GetResponseAsync(prompt, options);

    private sealed class Closing(IChatClient inner) : DelegatingChatClient(inner)
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class Two : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(new ChatResponse(
            [new ChatMessage(ChatRole.Assistant, "one") { MessageId = "msg_1" }, new ChatMessage(ChatRole.Assistant, "two") { MessageId = "msg_2" }]));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("Nobody streams it.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
