using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx.Tests.Local;

[TestFixtureSource(typeof(TinyModel), nameof(TinyModel.All))]
internal sealed class TinyFixtureTests : IDisposable
{
    private readonly string _name;
    private readonly TinyModel.Fixture _fixture;
    private readonly LoadedModel _model;

    public TinyFixtureTests(string name)
    {
        _name = name;
        _fixture = TinyModel.ReadFixture(name);
        _model = TinyModel.Load(name);
    }

    public void Dispose() => _model.Dispose();

    [Test]
    public void Texts_GiveTheirIds()
    {
        foreach (TinyModel.Text text in _fixture.Texts)
        {
            Assert.That(_model.Prompts.EncodeText(text.Value), Is.EqualTo(text.Ids), text.Value);
        }

        Assert.That(_model.Prompts.EncodeText(_fixture.Prompt), Is.EqualTo(_fixture.PromptIds));
    }

    [Test]
    public void AConversation_GivesTheIdsOfItsTemplate()
    {
        PromptMessage[] messages = [.. _fixture.Rendered.Messages.Select(message => new PromptMessage(new ChatRole(message.Role), message.Content))];
        Assert.That(_model.Prompts.EncodeChat(messages), Is.EqualTo(_fixture.Rendered.Ids));
    }

    [Test]
    public void Ids_StreamInWholeCharacters()
    {
        foreach (TinyModel.Text text in _fixture.Texts)
        {
            using TokenizerStream stream = _model.Tokenizer.CreateStream();
            string[] pieces = [.. text.Ids.Select(stream.Decode)];
            Assert.That(pieces, Is.EqualTo(text.Stream));
            Assert.That(string.Concat(pieces), Is.EqualTo(text.Decoded));
        }
    }

    [Test]
    public void WhatTheRuntimeCanDo_IsFoundByTheProbe()
    {
        LocalModelCapabilities found = _model.Capabilities;
        // Gemma's window, as its folder has it, refuses; kept whole it goes back.
        Assert.That((found.CanRewind, found.AllLogits, found.CanAppend), Is.EqualTo((_fixture.CanRewind || _name == TinyModel.Gemma, _fixture.AllLogits, _fixture.SecondAppend)));
        Assert.That(found.CacheBytesPerToken, Is.EqualTo(_name switch { TinyModel.QwenHalf => 256, TinyModel.Qwen3 => 1024, _ => 512 }));
    }

    [Test]
    public void EndIds_AreThoseOfTheFixture() => Assert.That(_model.Config.EndIds, Is.EqualTo(_fixture.EosTokenIds));

    [Test]
    public void LogitsAfterThePrompt_AreThoseOfTheFixture()
    {
        using KeptGenerator kept = _model.Pool.Take(null, _fixture.PromptIds, _fixture.PromptIds.Length);
        kept.Bring(_fixture.PromptIds, CancellationToken.None);
        using Logits logits = Logits.Read(kept.Generator);
        float[] row = logits.LastRow.ToArray();
        float[] found = [.. _fixture.TopLogits.Ids.Select(id => row[id])];
        Assert.That(found, Is.EqualTo(_fixture.TopLogits.Values).Within(TinyModel.Exact.Contains(_name) ? 2e-3 : 0.3));
    }

    [Test]
    public void TeacherForced_TheArgmaxIsTheFixturesWhereTheLeadIsClear()
    {
        int[] text = [.. _fixture.PromptIds, .. _fixture.GreedyIds];
        using KeptGenerator kept = _model.Pool.Take(null, text, text.Length);
        kept.Bring(text, CancellationToken.None);
        using Logits logits = Logits.Read(kept.Generator);
        int compared = 0;
        for (int step = 0; step < _fixture.GreedyIds.Length; step++)
        {
            ReadOnlySpan<float> row = logits[_fixture.PromptIds.Length - 1 + step];
            int[] best = LogProbability.Top(row, 2);
            if (row[best[0]] - row[best[1]] >= 1)
            {
                compared++;
                Assert.That(best[0], Is.EqualTo(_fixture.GreedyIds[step]), $"step {step}");
            }
        }

        Assert.That(compared, Is.Positive);
    }

    [Test]
    public async Task EachEndId_EndsTheAnswer()
    {
        using LocalChatClient client = TinyModel.Client(_name);
        foreach (int end in _fixture.EosTokenIds)
        {
            ChatOptions options = new() { AdditionalProperties = new() { [LocalChatOptions.LogitBias] = new Dictionary<int, float> { [end] = 1000 } } };
            ChatResponse response = await client.GetResponseAsync("How many boats?", options);
            Assert.That(response.Text, Is.Empty);
            Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
            Assert.That(response.Usage!.OutputTokenCount, Is.EqualTo(1));
        }
    }
}
