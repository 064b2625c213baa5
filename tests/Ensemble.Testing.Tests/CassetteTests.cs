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

    private static Task<ChatResponse> Ask(IChatClient client, string prompt, bool streaming) =>
        streaming ? client.GetStreamingResponseAsync(prompt).ToChatResponseAsync() : client.GetResponseAsync(prompt);
}
