using CsCheck;

namespace Ensemble.Onnx.Tests.Encoders;

public sealed class OnnxRerankerTests
{
    private readonly TinyEncoder _folder = new();

    [TearDown]
    public void Free() => _folder.Dispose();

    [TestCaseSource(typeof(EncoderLayout), nameof(EncoderLayout.Rerankers))]
    public async Task Rank_EveryLayout_ReadsThePairAndGivesTheScoreThatFollows(object given)
    {
        EncoderLayout layout = (EncoderLayout)given;
        layout.Write(_folder);
        using OnnxReranker reranker = new(_folder.Folder);
        EncoderTokenizer tokenizer = EncoderTokenizer.Load(EncoderFolder.Open(_folder.Folder));

        // Beside a longer document, so that the row is padded.
        IReadOnlyList<RankedDocument> ranked = await reranker.RankAsync(layout.Query, [layout.Text + " hello hello", layout.Text]);

        Assert.That(tokenizer.Pair(tokenizer.EncodePart(layout.Query, 64), tokenizer.EncodePart(layout.Text, 64), 64).Ids, Is.EqualTo(layout.Ids));
        Assert.That(ranked.Single(document => document.Index == 1).Score, Is.EqualTo(layout.Expected(layout.Ids)[0]).Within(1e-6));
        Assert.That(ranked[0].Score, Is.GreaterThanOrEqualTo(ranked[1].Score));
    }

    [Test]
    public void Rank_AnyDocuments_HasEachOnceTheBestFirstWithTheScoreThatItHasAlone()
    {
        using OnnxReranker reranker = new(EncoderLayout.BertReranker(_folder).Folder, new OnnxEncoderOptions { MaxBatchSize = 3 });
        string[] words = ["hello", "world", "good", "bad", "中", "+"];

        Gen.Int[0, 5].Array[0, 6].Select(picks => string.Join(' ', picks.Select(pick => words[pick]))).Array[1, 9].Sample(
            documents =>
            {
                IReadOnlyList<RankedDocument> ranked = reranker.RankAsync("hello b", documents).GetAwaiter().GetResult();
                Assert.That(ranked.Select(document => document.Index).Order(), Is.EqualTo(Enumerable.Range(0, documents.Length)));
                Assert.That(ranked.Select(document => document.Score), Is.Ordered.Descending);
                foreach (RankedDocument document in ranked)
                {
                    Assert.That(reranker.RankAsync("hello b", [documents[document.Index]]).GetAwaiter().GetResult()[0].Score, Is.EqualTo(document.Score).Within(1e-6));
                }
            },
            iter: 40);
    }

    [Test]
    public async Task Rank_EqualDocuments_KeepTheirOrder()
    {
        using OnnxReranker reranker = new(EncoderLayout.BertReranker(_folder).Folder);

        IReadOnlyList<RankedDocument> ranked = await reranker.RankAsync("hello", ["good", "good", "good"]);

        Assert.That(ranked.Select(document => document.Index), Is.EqualTo((int[])[0, 1, 2]));
    }

    [Test]
    public async Task Rank_LongDocument_IsReadAsFarAsTheModelReads()
    {
        using OnnxReranker reranker = new(EncoderLayout.BertReranker(_folder).Folder, new OnnxEncoderOptions { MaxTokens = 8 });

        IReadOnlyList<RankedDocument> ranked = await reranker.RankAsync("hello", [string.Concat(Enumerable.Repeat("good ", 100_000))]);

        double logit = TinyEncoder.Logits(TinyEncoder.Mean([2, 4, 3, 21, 21, 21, 21, 3], secondFrom: 3), 1)[0];
        Assert.That(ranked[0].Score, Is.EqualTo(EncoderLayout.Logistic(logit)).Within(1e-6));
    }

    [Test]
    public async Task Rank_NoDocumentANullOneACancelledOneOrAfterDispose_IsAnswered()
    {
        using OnnxReranker reranker = new(EncoderLayout.BertReranker(_folder).Folder);
        Assert.That(await reranker.RankAsync("hello", []), Is.Empty);
        Assert.That(async () => await reranker.RankAsync("hello", ["a", null!]), Throws.ArgumentException.With.Message.Contains("Document 1"));
        Assert.That(async () => await reranker.RankAsync("hello", ["a"], new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        reranker.Dispose();
        Assert.That(async () => await reranker.RankAsync("hello", ["a"]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Rank_QueueIsFull_IsRefusedWithATypedError()
    {
        using OnnxReranker reranker = new(EncoderLayout.BertReranker(_folder).Folder, new OnnxEncoderOptions { MaxQueueLength = 0, MaxBatchSize = 1 });
        using CancellationTokenSource source = new();
        Task first = reranker.RankAsync("hello", Enumerable.Repeat("good", 100_000), source.Token);

        Assert.That(async () => await reranker.RankAsync("hello", ["a"]), Throws.TypeOf<ModelBusyException>());

        await source.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => first);
        Assert.That(async () => await reranker.RankAsync("hello", ["a"]), Has.Exactly(1).Items);
    }

    [Test]
    public void Load_SeveralLogits_IsRefused()
    {
        EncoderLayout.BertReranker(_folder).WithModel("logits", labels: 2, types: true);

        Assert.That(() => new OnnxReranker(_folder.Folder), Throws.TypeOf<ModelLoadException>().With.Message.Contains("2 logits"));
    }

    [Test]
    public void Load_TokenizerWithoutPairs_IsRefused()
    {
        EncoderLayout.BertReranker(_folder).With(
            "tokenizer.json", TinyTokenizers.WordPiece("""{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":null,"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]}}}"""));

        Assert.That(() => new OnnxReranker(_folder.Folder), Throws.TypeOf<ModelLoadException>().With.Message.Contains("pair"));
    }

    [TestCase(6)]
    [TestCase(512)]
    public void Load_RoomForAToken_OfEachTextAndAllMarks_IsEnough(int tokens)
    {
        EncoderLayout.XlmRoberta(_folder).WithModel("logits", labels: 1);

        Assert.That(() => new OnnxReranker(_folder.Folder, new OnnxEncoderOptions { MaxTokens = tokens }).Dispose(), Throws.Nothing);
        Assert.That(() => new OnnxReranker(_folder.Folder, new OnnxEncoderOptions { MaxTokens = 5 }).Dispose(), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
