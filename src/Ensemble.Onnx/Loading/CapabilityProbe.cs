using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntimeGenAI;
using Tensor = Microsoft.ML.OnnxRuntimeGenAI.Tensor;

namespace Ensemble.Onnx;

/// <summary>Finds out by trying what a model's runtime can do.</summary>
internal static class CapabilityProbe
{
    // int8 activations round differently when a pass has another shape, but never this much.
    private const float SameLogits = 0.5f;

    internal static LocalModelCapabilities Run(Model model, GenAIConfig config)
    {
        using GeneratorParams parameters = new(model);
        parameters.SetSearchOption("max_length", config.CacheLength(8));
        using Generator generator = new(model, parameters);
        int last = config.VocabularySize / 2;
        int[] first = [last - 1, last - 2, last - 3, last - 4];
        int[] second = [last - 5, last - 6];
        generator.AppendTokens(first);
        bool allLogits;
        int elementBytes;
        using (Tensor logits = generator.GetOutput(Logits.OutputName))
        {
            allLogits = logits.Shape()[1] == first.Length;
            elementBytes = ReadCacheElementBytes(generator, config);
        }

        float[]? appended = TryAppend(generator, second);
        bool canRewind = appended is not null && TryRewind(generator, first.Length, second, appended);
        return new LocalModelCapabilities(appended is not null, canRewind, allLogits, (int)(config.CacheElementsPerToken * elementBytes));
    }

    private static float[]? TryAppend(Generator generator, int[] tokens)
    {
        try
        {
            generator.AppendTokens(tokens);
            using Logits logits = Logits.Read(generator);
            return logits.LastRow.ToArray();
        }
        catch (OnnxRuntimeGenAIException)
        {
            return null;
        }
    }

    private static bool TryRewind(Generator generator, int length, int[] tokens, float[] expected)
    {
        try
        {
            generator.RewindTo((ulong)length);
        }
        catch (OnnxRuntimeGenAIException)
        {
            return false;
        }

        return TryAppend(generator, tokens) is { } again && TensorPrimitives.Distance<float>(again, expected) <= SameLogits * MathF.Sqrt(again.Length);
    }

    private static int ReadCacheElementBytes(Generator generator, GenAIConfig config)
    {
        try
        {
            using Tensor present = generator.GetOutput(config.FirstPresentKey);
            return present.Type() is ElementType.float16 ? 2 : 4;
        }
        catch (OnnxRuntimeGenAIException)
        {
            // Caches that the runtime does not hand out are counted as float32, the largest that it makes.
            return 4;
        }
    }
}
