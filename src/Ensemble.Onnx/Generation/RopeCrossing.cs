using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>The generator of an answer whose text may grow past the length at which a long rope changes its angles: there the whole text is read again, with a new generator.</summary>
internal sealed class RopeCrossing(LoadedModel model, KeptGenerator kept, int[] prompt, int limit)
{
    private readonly List<int> _text = [.. prompt];

    /// <summary>The generator in use; the caller gives it back or ends it, if there is one.</summary>
    internal KeptGenerator? Kept { get; private set; } = kept;

    /// <summary>Appends a token and gives the generator that holds the text with it.</summary>
    internal Generator Append(int token, CancellationToken cancellationToken)
    {
        _text.Add(token);
        KeptGenerator current = Kept!;
        if (_text.Count != limit + 1)
        {
            current.Generator.AppendToken(token);
            return current.Generator;
        }

        Kept = null;
        current.Dispose();
        int[] text = [.. _text];
        Kept = model.Pool.Take(current.Tenant, text, current.MaxLength, current.Adapter);
        Kept.Bring(text, cancellationToken);
        return Kept.Generator;
    }
}
