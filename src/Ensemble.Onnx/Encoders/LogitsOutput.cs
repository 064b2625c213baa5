using Microsoft.ML.OnnxRuntime;

namespace Ensemble.Onnx;

/// <summary>Chooses the logits of a model that classifies or scores whole texts.</summary>
internal static class LogitsOutput
{
    private const string Name = "logits";

    /// <summary>Chooses the output.</summary>
    /// <exception cref="ModelLoadException">There is none, or it has not <paramref name="width"/> numbers a text.</exception>
    internal static EncoderOutput Choose(IReadOnlyDictionary<string, NodeMetadata> outputs, EncoderFolder folder, int width)
    {
        if (width == 1 && outputs.TryGetValue(Name, out NodeMetadata? logits) && logits.Dimensions is [_, > 1])
        {
            throw new ModelLoadException($"'{folder.ModelPath}' gives {logits.Dimensions[1]} logits a pair, and a reranker gives one: use a model for ranking, or {nameof(OnnxClassifier)}.") { Path = folder.ModelPath };
        }

        return EncoderOutput.Find(outputs, folder.ModelPath, Name, isPerToken: false, width)
            ?? throw new ModelLoadException($"'{folder.ModelPath}' has no output '{Name}', but {string.Join(", ", outputs.Keys)}. Export the model for the task text-classification.") { Path = folder.ModelPath };
    }
}
