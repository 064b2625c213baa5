using System.Text.Json;
using Ensemble.Onnx.Tests.Local;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Families;

/// <summary>What every family has to do, tried on the tiny models; the table of the page is written from the same list.</summary>
[TestFixtureSource(typeof(TinyModel), nameof(TinyModel.All))]
internal sealed class FamilyBehaviourTests : IDisposable
{
    // Past every window (48 positions), past the rope of the tiny Phi-3 (128), and longer than one pass (128).
    private const int Long = 150;

    private readonly string _name;
    private readonly LoadedModel _model;

    public FamilyBehaviourTests(string name)
    {
        _name = name;
        _model = TinyModel.Load(name, maxCacheBytes: 16 << 20);
    }

    private float Tolerance => TinyModel.Exact.Contains(_name) ? 2e-3f : 0.5f;

    public void Dispose() => _model.Dispose();

    [Test]
    public async Task ItAnswers_AsTheFixtureSays_WholeAndStreamed([Values] bool streaming)
    {
        using LocalChatClient client = TinyModel.Client(_name, LocalTemplate.None, maxOutputTokens: 12);
        TinyModel.Fixture fixture = TinyModel.ReadFixture(_name);
        ChatResponse response = streaming
            ? await client.GetStreamingResponseAsync(fixture.Prompt).ToChatResponseAsync()
            : await client.GetResponseAsync(fixture.Prompt);
        Assert.That(response.Usage!.InputTokenCount, Is.EqualTo(fixture.PromptIds.Length));
        Assert.That(response.Usage.OutputTokenCount, Is.InRange(1, 12));
        Assert.That(response.FinishReason, Is.EqualTo(response.Usage.OutputTokenCount == 12 ? ChatFinishReason.Length : ChatFinishReason.Stop));
    }

    [Test]
    public async Task ALongAnswer_GoesPastEveryWindowAndRope()
    {
        using LocalChatClient client = TinyModel.Client(_name, LocalTemplate.None, maxOutputTokens: Long);
        Dictionary<int, float> never = TinyModel.ReadFixture(_name).EosTokenIds.ToDictionary(id => id, _ => -1000f);
        ChatResponse response = await client.GetResponseAsync("The old lamp", new ChatOptions { AdditionalProperties = new() { [LocalChatOptions.LogitBias] = never } });
        Assert.That(response.Usage!.OutputTokenCount, Is.EqualTo(Long));
    }

    [Test]
    public void BehindAKeptPrefix_TheLogitsAreThoseOfTheWholePrompt([Values(30, Long)] int length)
    {
        int[] first = Tokens(length, 1);
        int[] second = [.. first[..(length - 5)], .. Tokens(9, 7)];
        float[] whole = Read(second);
        KeptGenerator kept = _model.Pool.Take("t", first, 200);
        kept.Bring(first, CancellationToken.None);
        kept.Generator.AppendTokens([5]);
        _model.Pool.Return(kept);
        KeptGenerator again = _model.Pool.Take("t", second, 200);
        Assert.That(again, Is.SameAs(kept));
        Assert.That(again.Bring(second, CancellationToken.None), Is.EqualTo(length - 5));
        Assert.That(LastRow(again), Is.EqualTo(whole).Within(Tolerance));
        again.Dispose();
    }

    [Test]
    public void FromALongTextBackToAShortOne_TheLogitsAreThoseOfTheShortOne()
    {
        int[] text = Tokens(Long, 1);
        int[] start = text[..20];
        float[] fresh = Read(start);
        using KeptGenerator kept = _model.Pool.Take(null, text, 200);
        kept.Bring(text, CancellationToken.None);
        int cached = kept.Bring(start, CancellationToken.None);
        Assert.That(cached, Is.EqualTo(_name == TinyModel.Phi ? 0 : 18));
        Assert.That(LastRow(kept), Is.EqualTo(fresh).Within(Tolerance));
    }

    [Test]
    public void TokensAppendedOneByOne_GiveTheLogitsOfTheWholeText()
    {
        int[] text = Tokens(Long, 1);
        float[] whole = Read(text);
        KeptGenerator kept = _model.Pool.Take(null, text.AsSpan(0, 100), 200);
        kept.Bring([.. text.Take(100)], CancellationToken.None);
        RopeCrossing crossing = new(_model, kept, [.. text.Take(100)], _model.Folder.RopeLimit ?? int.MaxValue - 1);
        foreach (int token in text.Skip(100))
        {
            crossing.Append(token, CancellationToken.None);
        }

        Assert.That(LastRow(crossing.Kept!), Is.EqualTo(whole).Within(Tolerance));
        crossing.Kept!.Dispose();
    }

    [Test]
    public async Task ItScores_AndTheScoresAreLogProbabilities()
    {
        using LocalChatClient client = TinyModel.Client(_name);
        IContinuationScorer scorer = client.GetService<IContinuationScorer>()!;
        ContinuationScores scores = await scorer.ScoreAsync(ScoringRequest.ForText("The old lamp", " by the river", [" was lit", " was dark"]));
        Assert.That(scores.Scores.SelectMany(score => score.Tokens).Select(token => token.LogProbability), Is.All.InRange(-100.0, 0.0));
        ContinuationScores again = await scorer.ScoreAsync(ScoringRequest.ForText("The old lamp", " by the river", [" was lit", " was dark"]));
        Assert.That(again.Usage.CachedInputTokenCount, Is.Positive);
        Assert.That(again.Scores.Select(score => score.LogLikelihood), Is.EqualTo(scores.Scores.Select(score => score.LogLikelihood)).Within(Tolerance));
    }

    [Test]
    public async Task AnAnswerOfASchema_IsValidJson()
    {
        using LocalChatClient client = TinyModel.Client(_name, maxOutputTokens: 60);
        JsonElement schema = JsonElement.Parse("""{"type":"object","properties":{"ok":{"type":"boolean"},"n":{"type":"integer","minimum":0,"maximum":9}},"required":["ok","n"],"additionalProperties":false}""");
        ChatResponse response = await client.GetResponseAsync("Count.", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema) });
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop), response.Text);
        Assert.That(JsonElement.Parse(response.Text).GetProperty("n").GetInt32(), Is.InRange(0, 9));
    }

    private static int[] Tokens(int count, int seed) => [.. Enumerable.Range(0, count).Select(index => 20 + ((index * 37) + (seed * 101)) % 400)];

    // The whole text in one pass of a new generator: what every other way has to agree with.
    private float[] Read(int[] text)
    {
        using KeptGenerator kept = _model.Pool.Take($"whole {text.Length}", text, 200);
        kept.Generator.AppendTokens(text);
        return LastRow(kept);
    }

    private static float[] LastRow(KeptGenerator kept)
    {
        using Logits logits = Logits.Read(kept.Generator);
        return logits.LastRow.ToArray();
    }
}
