using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class AllocationTests
{
    private const int Tokens = 200;

    [Test]
    public void ADecodedToken_AllocatesOnlyTheRuntimesWrappersAndItsText([Values] bool sampled)
    {
        using LoadedModel model = TinyModel.Load(TinyModel.LlamaExact);
        int[] prompt = model.Prompts.EncodeText("How many boats are there?");
        GenerationRequest request = new()
        {
            Messages = [],
            Template = LocalTemplate.None,
            MaxOutputTokens = Tokens,
            Sampling = new SamplingOptions
            {
                Temperature = sampled ? 1 : 0,
                TopK = 100,
                TopP = 0.95f,

                // No end token, so that both loops are of the same length.
                LogitBias = model.Config.EndIds.ToDictionary(id => id, _ => -1000f),
            },
        };
        int[] chosen = Ours(model, request, prompt, out _);
        Ours(model, request, prompt, out long ours);
        Bare(model, prompt, chosen);
        long bare = Bare(model, prompt, chosen);
        TestContext.Out.WriteLine($"ours {ours / Tokens} B a token, bare {bare / Tokens} B a token");
        Assert.That(ours, Is.LessThanOrEqualTo(bare));
    }

    private static int[] Ours(LoadedModel model, GenerationRequest request, int[] prompt, out long allocated)
    {
        using KeptGenerator kept = model.Pool.Take(null, prompt, prompt.Length + Tokens);
        kept.Bring(prompt, CancellationToken.None);
        using AnswerText text = new(model.Tokenizer, request, new NullSink());
        long before = GC.GetAllocatedBytesForCurrentThread();
        (int count, _) = TextGeneration.Decode(model, kept.Generator, request, Tokens, text, CancellationToken.None);

        // What a request makes once: the sampler and its counts.
        allocated = GC.GetAllocatedBytesForCurrentThread() - before - PerRequest(request, model);
        Assert.That(count, Is.EqualTo(Tokens));
        return kept.Generator.GetSequence(0)[prompt.Length..].ToArray();
    }

    private static long PerRequest(GenerationRequest request, LoadedModel model)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        new TokenSampler(request.Sampling, model.Config.VocabularySize).Dispose();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // The least that the runtime's API takes to see the logits, to append a token and to make its text.
    private static long Bare(LoadedModel model, int[] prompt, int[] tokens)
    {
        using KeptGenerator kept = model.Pool.Take(null, prompt, prompt.Length + Tokens);
        kept.Bring(prompt, CancellationToken.None);
        using TokenizerStream stream = model.Tokenizer.CreateStream();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int index = 0; index < Tokens; index++)
        {
            using (Microsoft.ML.OnnxRuntimeGenAI.Tensor logits = kept.Generator.GetOutput("logits"))
            {
                _ = logits.Shape();
                _ = logits.Type();
                _ = logits.GetData<float>();
            }

            _ = stream.Decode(tokens[Math.Min(index, tokens.Length - 1)]);
            if (index < tokens.Length)
            {
                kept.Generator.AppendTokens(tokens.AsSpan(index, 1));
            }
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class NullSink : IAnswerSink
    {
        public void Add(string text, IReadOnlyList<TokenLogProbability>? tokens)
        {
        }
    }
}
