using System.Numerics.Tensors;
using Ensemble.Models;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Embeddings;

public sealed class OnnxEmbeddingGeneratorTests
{
    private static readonly E5Fixtures Fixtures = E5Fixtures.Read();

    private static readonly string[] Texts = [.. Fixtures.Items.Select(i => i.Text)];

    // Seconds of work, so that whatever a test does next happens before it ends.
    private static readonly string[] Heavy = [.. Enumerable.Repeat(string.Join(' ', Enumerable.Repeat("long words", 400)), 64)];

    [Test]
    public async Task Generate_TheFullVectorOfTheReference_HasItsDirection()
    {
        ReadOnlyMemory<float> vector = await SharedE5.Generator.GenerateVectorAsync(Texts[Fixtures.FullVector.Item]);

        Assert.That(TensorPrimitives.CosineSimilarity(vector.Span, Fixtures.FullVector.Values), Is.GreaterThanOrEqualTo(0.999f));
    }

    [Test]
    public async Task Generate_EveryFixture_HasLengthOneAndTheFirstDimensionsOfTheReference()
    {
        GeneratedEmbeddings<Embedding<float>> result = await SharedE5.Generator.GenerateAsync(Texts);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result, Has.Count.EqualTo(20));
            Assert.That(result.Usage!.InputTokenCount, Is.EqualTo(Fixtures.Items.Sum(i => i.Ids.Length)));
            for (int i = 0; i < result.Count; i++)
            {
                ReadOnlySpan<float> vector = result[i].Vector.Span;
                Assert.That(vector.Length, Is.EqualTo(384));
                Assert.That(TensorPrimitives.Norm(vector), Is.EqualTo(1).Within(1e-4), Texts[i]);
                // Eight of 384 dimensions carry little of the length, so that noise in the 4th decimal shows more than in the whole; 0.9999 with AVX2.
                Assert.That(TensorPrimitives.CosineSimilarity(vector[..8], Fixtures.Items[i].First8), Is.GreaterThanOrEqualTo(0.999f), Texts[i]);
            }
        }
    }

    [Test]
    public async Task Generate_PairsOfTheReference_HaveItsCosines()
    {
        GeneratedEmbeddings<Embedding<float>> result = await SharedE5.Generator.GenerateAsync(Texts);

        using (Assert.EnterMultipleScope())
        {
            foreach (E5Fixtures.Pair pair in Fixtures.Cosines)
            {
                float cosine = TensorPrimitives.Dot(result[pair.A].Vector.Span, result[pair.B].Vector.Span);
                Assert.That(cosine, Is.EqualTo(pair.Cos).Within(0.005), $"{Texts[pair.A]} / {Texts[pair.B]}");
            }
        }
    }

    [Test]
    public async Task Generate_InOneCallOrOneByOne_GivesTheSameVectorsInTheSameOrder()
    {
        GeneratedEmbeddings<Embedding<float>> together = await SharedE5.Generator.GenerateAsync(Texts);

        for (int i = 0; i < Texts.Length; i++)
        {
            ReadOnlyMemory<float> alone = await SharedE5.Generator.GenerateVectorAsync(Texts[i]);
            Assert.That(TensorPrimitives.Dot(alone.Span, together[i].Vector.Span), Is.GreaterThan(0.9999f), Texts[i]);
        }
    }

    [Test]
    public async Task Generate_FromManyThreads_GivesEachCallerItsOwnVector()
    {
        GeneratedEmbeddings<Embedding<float>> together = await SharedE5.Generator.GenerateAsync(Texts);
        ReadOnlyMemory<float>[] vectors = await Task.WhenAll(Texts.Select(t => SharedE5.Generator.GenerateVectorAsync(t)));

        Assert.That(vectors.Select((v, i) => TensorPrimitives.Dot(v.Span, together[i].Vector.Span)), Is.All.GreaterThan(0.9999f));
    }

    [Test]
    public async Task Generate_NoText_GivesNoVector() =>
        Assert.That(await SharedE5.Generator.GenerateAsync([]), Is.Empty);

    [Test]
    public void Generate_NullText_NamesItsIndex() =>
        Assert.That(async () => await SharedE5.Generator.GenerateAsync(["a", null!]), Throws.ArgumentException.With.Message.Contains("Text 1"));

    [Test]
    public void Generate_LoneSurrogates_HaveAVector() =>
        Assert.That(async () => await SharedE5.Generator.GenerateAsync(["\ud83d", "a\udc00b", "\0"]), Has.Count.EqualTo(3));

    [Test]
    public void Generate_OtherDimensions_AreRefused() =>
        Assert.That(
            async () => await SharedE5.Generator.GenerateAsync(["a"], new EmbeddingGenerationOptions { Dimensions = 256 }),
            Throws.TypeOf<UnsupportedOptionException>().With.Message.Contains("384"));

    [Test]
    public void Generate_CancelledBeforeItStarts_Throws() =>
        Assert.That(
            async () => await SharedE5.Generator.GenerateAsync(["a"], cancellationToken: new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public async Task Generate_CancelledUnderWay_StopsWithTheCallersToken()
    {
        using CancellationTokenSource source = new();
        Task call = SharedE5.Generator.GenerateAsync(Heavy, cancellationToken: source.Token);

        await source.CancelAsync();

        OperationCanceledException? error = await Assert.CatchAsync<OperationCanceledException>(() => call);
        Assert.That(error!.CancellationToken, Is.EqualTo(source.Token));
    }

    [Test]
    public void Session_TokenFires_StopsTheNativeRun()
    {
        using EncoderSession session = EncoderSession.Load(Path.Combine(E5Small.Folder, "model.onnx"), 1, 1, _ => new EncoderOutput("sentence_embedding", 384, IsPerToken: false));
        EncoderInput[] inputs = [new([0, 2], 2)];
        int rows = 0;

        Assert.That(() => session.Run(inputs, [0], (_, _) => rows++, new CancellationToken(true)), Throws.TypeOf<OperationCanceledException>());
        session.Run(inputs, [0], (_, _) => rows++, CancellationToken.None);
        Assert.That(rows, Is.EqualTo(1));
    }

    [Test]
    public async Task Generate_QueueIsFull_IsRefusedWithATypedError()
    {
        using OnnxEmbeddingGenerator generator = new(E5Small.Folder, new OnnxEmbeddingOptions { MaxQueueLength = 0 });
        using CancellationTokenSource source = new();
        Task first = generator.GenerateAsync(Heavy, cancellationToken: source.Token);

        Assert.That(async () => await generator.GenerateAsync(["a"]), Throws.TypeOf<ModelBusyException>());

        await source.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => first);
        Assert.That(async () => await generator.GenerateAsync(["a"]), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Generate_OneText_DoesNotWaitForAllOfALongCall()
    {
        using OnnxEmbeddingGenerator generator = new(E5Small.Folder, new OnnxEmbeddingOptions { MaxBatchSize = 1, MaxTokens = 64 });
        using CancellationTokenSource source = new();
        Task index = generator.GenerateAsync(Enumerable.Repeat(Heavy[0], 2_000), cancellationToken: source.Token);

        Assert.That(await generator.GenerateAsync(["a"]), Has.Count.EqualTo(1));
        Assert.That(index.IsCompleted, Is.False);
        await source.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => index);
    }

    [Test]
    public async Task Dispose_WhileACallRuns_LetsItEndAndRefusesTheNext()
    {
        OnnxEmbeddingGenerator generator = new(E5Small.Folder);
        using CancellationTokenSource source = new();
        Task running = generator.GenerateAsync(Heavy, cancellationToken: source.Token);

        generator.Dispose();
        generator.Dispose();

        Assert.That(async () => await generator.GenerateAsync(["a"]), Throws.TypeOf<ObjectDisposedException>());
        await source.CancelAsync();
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>().Or.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Generate_PassagePrefix_MovesTheVector()
    {
        using OnnxEmbeddingGenerator passages = new(E5Small.Folder, new OnnxEmbeddingOptions { Prefix = OnnxEmbeddingOptions.PassagePrefix });
        ReadOnlyMemory<float> query = await SharedE5.Generator.GenerateVectorAsync(Texts[0]);
        ReadOnlyMemory<float> passage = await passages.GenerateVectorAsync(Texts[0]);

        Assert.That(TensorPrimitives.Dot(query.Span, passage.Span), Is.InRange(0.8f, 0.995f));
    }

    [Test]
    public void GetService_NamesTheModelAndItsDimensions()
    {
        EmbeddingGeneratorMetadata metadata = SharedE5.Generator.GetRequiredService<EmbeddingGeneratorMetadata>();

        Assert.That((metadata.DefaultModelId, metadata.DefaultModelDimensions), Is.EqualTo((E5Small.Name, 384)));
    }
}
