using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>Appends to a generator in passes of a fixed size.</summary>
internal static class GeneratorExtensions
{
    // Fixed, so that cancellation is seen soon, the logits of one pass stay small, and the same prompt always takes the same passes.
    internal const int PassLength = 128;

    /// <summary>Appends tokens in passes of at most 128, none of them of one token unless it is the only one: one-token passes give other bits.</summary>
    internal static void AppendPrompt(this Generator generator, ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        while (!tokens.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Math.Min(PassLength, tokens.Length);
            if (tokens.Length - length == 1)
            {
                length--;
            }

            generator.AppendTokens(tokens[..length]);
            tokens = tokens[length..];
        }
    }

    /// <summary>Appends one token.</summary>
    internal static void AppendToken(this Generator generator, int token) =>
        generator.AppendTokens(MemoryMarshal.CreateReadOnlySpan(ref token, 1));
}
