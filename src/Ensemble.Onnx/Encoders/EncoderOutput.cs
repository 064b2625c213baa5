using Microsoft.ML.OnnxRuntime;

namespace Ensemble.Onnx;

/// <summary>The output of a model that is read.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Width">How many numbers there are of a text, or of a token.</param>
/// <param name="IsPerToken">Whether it has a row for every token, <c>[batch, tokens, width]</c>, or one for a text, <c>[batch, width]</c>.</param>
internal sealed record EncoderOutput(string Name, int Width, bool IsPerToken)
{
    /// <summary>Finds an output of the given name; <see langword="null"/> when the graph has none.</summary>
    /// <param name="outputs">The outputs of the graph.</param>
    /// <param name="path">The model's file.</param>
    /// <param name="name">The name.</param>
    /// <param name="isPerToken">Whether it has a row for every token.</param>
    /// <param name="width">The width when the graph leaves it open; <see langword="null"/> when nobody else says it.</param>
    /// <exception cref="ModelLoadException">The output has another shape or no 32-bit numbers.</exception>
    internal static EncoderOutput? Find(IReadOnlyDictionary<string, NodeMetadata> outputs, string path, string name, bool isPerToken, int? width)
    {
        if (!outputs.TryGetValue(name, out NodeMetadata? output))
        {
            return null;
        }

        string shape = $"[{string.Join(", ", output.Dimensions)}]";
        if (output.Dimensions.Length != (isPerToken ? 3 : 2))
        {
            throw new ModelLoadException($"'{path}' has the output '{name}' of {shape}, and {(isPerToken ? "[batch, tokens, width]" : "[batch, width]")} is expected: export the model for what it is used for here.") { Path = path };
        }

        if (output.ElementType != typeof(float))
        {
            throw new ModelLoadException($"'{path}' has the output '{name}' of {output.ElementType.Name}: export the model with outputs of float32.") { Path = path };
        }

        int own = output.Dimensions[^1];
        return own > 0 && width is { } said && own != said
            ? throw new ModelLoadException($"'{path}' has the output '{name}' of {shape}, and config.json says {said}: take both from one model.") { Path = path }
            : own > 0 ? new EncoderOutput(name, own, isPerToken)
            : width is { } known ? new EncoderOutput(name, known, isPerToken)
            : throw new ModelLoadException($"'{path}' leaves the width of the output '{name}' open, and no config.json says it: copy config.json from the model's folder.") { Path = path };
    }
}
