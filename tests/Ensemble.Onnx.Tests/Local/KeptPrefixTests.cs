using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class KeptPrefixTests
{
    private const string Prefix = "Message: My parcel has not arrived yet.\nTeam: delivery\n\nMessage: I forgot my password.\nTeam: account\n\nMessage:";

    private static readonly string[] Teams = [" delivery", " account", " technical support"];

    [Test]
    public async Task BehindAKeptPrefix_ScoresAreThoseOfTheWholePrompt()
    {
        IContinuationScorer scorer = SharedSmolLM2.Client.GetService<IContinuationScorer>()!;
        ContinuationScores first = await scorer.ScoreAsync(ScoringRequest.ForText(Prefix, " Where is my order now?\nTeam:", Teams, tenant: "kept"));
        ContinuationScores kept = await scorer.ScoreAsync(ScoringRequest.ForText(Prefix, " Please delete my profile.\nTeam:", Teams, tenant: "kept"));
        ContinuationScores whole = await scorer.ScoreAsync(ScoringRequest.ForText(Prefix, " Please delete my profile.\nTeam:", Teams, tenant: "fresh"));
        Assert.That(first.Usage.CachedInputTokenCount, Is.Zero);
        Assert.That(whole.Usage.CachedInputTokenCount, Is.Zero);
        Assert.That(kept.Usage.CachedInputTokenCount, Is.EqualTo(SharedSmolLM2.Model.Prompts.EncodeText(Prefix).Length));
        Assert.That(kept.Scores.Select(score => score.LogLikelihood), Is.EqualTo(whole.Scores.Select(score => score.LogLikelihood)).Within(1e-3));
    }

    [Test]
    public async Task FirstTokens_ScoreAsInTheWholeContinuation()
    {
        IContinuationScorer scorer = SharedSmolLM2.Client.GetService<IContinuationScorer>()!;
        ContinuationScores whole = await scorer.ScoreAsync(ScoringRequest.ForText(Prefix, " Where is it?\nTeam:", Teams));
        ContinuationScores first = await scorer.ScoreAsync(ScoringRequest.ForText(Prefix, " Where is it?\nTeam:", Teams, firstTokenOnly: true));
        Assert.That(whole.Scores[2].Tokens, Has.Count.EqualTo(2));
        Assert.That(first.Scores.Select(score => score.Tokens.Count), Is.All.EqualTo(1));
        Assert.That(first.Scores.Select(score => score.LogLikelihood), Is.EqualTo(whole.Scores.Select(score => score.Tokens[0].LogProbability)).Within(1e-3));
    }

    [Test]
    public void AModelThatCannotRewind_ReadsThePromptWithANewGenerator_WhichTheScoringOwnsEvenWhenCancelled([Values] bool cancelled)
    {
        using LoadedModel model = TinyModel.Load(TinyModel.Llama, capabilities: new LocalModelCapabilities(canAppend: true, canRewind: false, allLogits: false, cacheBytesPerToken: 1));
        int[] prompt = model.Prompts.EncodeText("How many boats are there?");
        KeptGenerator? kept = model.Pool.Take("acme", prompt, prompt.Length + 8);
        KeptGenerator first = kept;
        kept.Bring(prompt, CancellationToken.None);
        kept.Generator.AppendTokens([5, 6]);
        if (cancelled)
        {
            Assert.That(() => ContinuationScoring.ReturnToPrompt(model, ref kept, prompt, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
        }
        else
        {
            ContinuationScoring.ReturnToPrompt(model, ref kept, prompt, CancellationToken.None);
            Assert.That(kept.Generator.TokenCount(), Is.EqualTo((ulong)prompt.Length));
        }

        Assert.That(kept, Is.Not.Null.And.Not.SameAs(first));
        Assert.That((kept!.Tenant, kept.MaxLength), Is.EqualTo((first.Tenant, first.MaxLength)));
        kept.Dispose();
    }

    [Test]
    public async Task AModelThatCannotRewind_ScoresAlike()
    {
        using LoadedModel model = TinyModel.Load(TinyModel.LlamaExact);
        using LoadedModel forward = TinyModel.Load(TinyModel.LlamaExact, capabilities: new LocalModelCapabilities(canAppend: true, canRewind: false, allLogits: false, cacheBytesPerToken: 1));
        int[] prompt = model.Prompts.EncodeText("How many boats are there?");
        (string, int[])[] continuations = [.. new[] { " two boats at night", " no lamp", " a river" }.Select(text => (text, model.Prompts.EncodeText(text)))];
        ContinuationScores expected = await Task.Run(() => ContinuationScoring.Run(model, prompt, prompt.Length, continuations, null, CancellationToken.None));
        ContinuationScores scores = await Task.Run(() => ContinuationScoring.Run(forward, prompt, prompt.Length, continuations, null, CancellationToken.None));
        Assert.That(scores.Scores.Select(score => score.LogLikelihood), Is.EqualTo(expected.Scores.Select(score => score.LogLikelihood)).Within(1e-3));
    }

    [Test]
    public async Task Perplexity_IsThatOfTheTokens()
    {
        IContinuationScorer scorer = SharedSmolLM2.Client.GetService<IContinuationScorer>()!;
        ContinuationScore score = (await scorer.ScoreAsync(ScoringRequest.ForText("The capital of", "", [" South Korea is Seoul."]))).Best;
        Assert.That(score.Perplexity, Is.EqualTo(Math.Exp(-score.Tokens.Average(token => token.LogProbability))).Within(1e-9));
        Assert.That(score.Perplexity, Is.InRange(1, 40));
    }

    [Test]
    public async Task TheNextTurn_ReadsOnlyWhatIsNew_AndAnswersAsIfAllWereNew()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.LlamaExact);
        List<ChatMessage> conversation = [new(ChatRole.User, "How many boats are there at night?")];
        ChatOptions options = new() { Temperature = 1, Seed = 7, MaxOutputTokens = 38 };
        ChatResponse first = await client.GetResponseAsync(conversation, options);
        conversation.AddRange(first.Messages);
        conversation.Add(new(ChatRole.User, "And by day?"));
        ChatResponse second = await client.GetResponseAsync(conversation, options);
        ChatResponse alone = await client.GetResponseAsync(conversation, options.WithEnsemble(request => request with { Tenant = "fresh" }));
        Assert.That(second.Usage!.CachedInputTokenCount, Is.EqualTo(first.Usage!.InputTokenCount));
        Assert.That(alone.Usage!.CachedInputTokenCount, Is.Zero);
        Assert.That(second.Text, Is.EqualTo(alone.Text));
    }

    [Test]
    public async Task TheSameQuestionAgain_ReadsTwoTokens()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Qwen);
        ChatResponse first = await client.GetResponseAsync("How many boats?");
        ChatResponse again = await client.GetResponseAsync("How many boats?");
        Assert.That(again.Usage!.CachedInputTokenCount, Is.EqualTo(first.Usage!.InputTokenCount - 2));
        Assert.That(again.Text, Is.EqualTo(first.Text));
    }

    [Test]
    public async Task Tenants_NeverShareAPrefix()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Llama);
        foreach (string? tenant in new[] { null, "a", "b" })
        {
            ChatResponse response = await client.GetResponseAsync("How many boats?", new ChatOptions().WithEnsemble(request => request with { Tenant = tenant }));
            Assert.That(response.Usage!.CachedInputTokenCount, Is.Zero, tenant);
        }
    }

    [Test]
    public void ThePool_StaysWithinItsBytes_AndForgetsTheLeastRecentlyUsed()
    {
        // 64 tokens of 512 bytes each: four generators fit.
        using LoadedModel model = TinyModel.Load(TinyModel.Llama, maxCacheBytes: 4 * 64 * 512);
        for (int prompt = 0; prompt < 6; prompt++)
        {
            Read(model, [prompt + 10, 1, 2, 3]);
        }

        Assert.That((model.Pool.IdleCount, model.Pool.IdleBytes), Is.EqualTo((4, 4L * 64 * 512)));
        Assert.That(Read(model, [11, 1, 2, 3]), Is.Zero);
        Assert.That(Read(model, [15, 1, 2, 3]), Is.EqualTo(2));
    }

    [Test]
    public void WithoutBytes_NothingIsKept()
    {
        using LoadedModel model = TinyModel.Load(TinyModel.Llama, maxCacheBytes: 0);
        Read(model, [10, 1, 2, 3]);
        Assert.That(Read(model, [10, 1, 2, 3]), Is.Zero);
    }

    [Test]
    public void AGeneratorInUse_IsNotGivenToAnother()
    {
        using LoadedModel model = TinyModel.Load(TinyModel.Llama);
        Read(model, [10, 1, 2, 3]);
        using KeptGenerator first = model.Pool.Take(null, [10, 1, 2, 3], 4);
        using KeptGenerator second = model.Pool.Take(null, [10, 1, 2, 3], 4);
        Assert.That((first.Prompt.Length, second.Prompt.Length), Is.EqualTo((4, 0)));
    }

    [Test]
    public void APromptThatHasLittleInCommon_LeavesAKeptPrefixAlone()
    {
        using LoadedModel model = TinyModel.Load(TinyModel.Llama);
        Read(model, [10, 1, 2, 3, 4, 5]);
        Read(model, [10, 1, 9, 9, 9, 9]);
        Assert.That(Read(model, [10, 1, 2, 3, 4, 5, 6, 7]), Is.EqualTo(6));
    }

    [Test]
    public void HoweverAPromptIsReached_ItsLogitsAreTheSame([Values(2, 100, 128, 129, 130, 256, 257)] int length)
    {
        using LoadedModel model = TinyModel.Load(TinyModel.LlamaExact);
        int[] prompt = [.. Enumerable.Range(0, length).Select(index => 20 + (index * 7 % 400))];
        float[] whole = LastRow(model, prompt, "a");
        foreach (int kept in new[] { 1, length / 2, length - 1 })
        {
            Read(model, [.. prompt[..kept], 5, 5], $"b{kept}");
            Assert.That(LastRow(model, prompt, $"b{kept}"), Is.EqualTo(whole).Within(1e-4), $"{kept} kept");
        }
    }

    private static int Read(LoadedModel model, int[] prompt, string? tenant = null)
    {
        KeptGenerator kept = model.Pool.Take(tenant, prompt, prompt.Length);
        int cached = kept.Bring(prompt, CancellationToken.None);
        model.Pool.Return(kept);
        return cached;
    }

    private static float[] LastRow(LoadedModel model, int[] prompt, string tenant)
    {
        using KeptGenerator kept = model.Pool.Take(tenant, prompt, prompt.Length);
        kept.Bring(prompt, CancellationToken.None);
        using Logits logits = Logits.Read(kept.Generator);
        return logits.LastRow.ToArray();
    }
}
