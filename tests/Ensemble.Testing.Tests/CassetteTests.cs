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
