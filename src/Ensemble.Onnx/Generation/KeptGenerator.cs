using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>A generator with the prompt that its cache holds; owned by the pool, or by the one request that has taken it.</summary>
internal sealed class KeptGenerator : IDisposable
{
    private readonly int? _ropeLimit;
    private int[] _prompt = [];

    internal KeptGenerator(Generator generator, int maxLength, string? tenant, string? adapter, int? ropeLimit, long bytes)
    {
        Generator = generator;
        Adapter = adapter;
        _ropeLimit = ropeLimit;
        MaxLength = maxLength;
        Tenant = tenant;
        Bytes = bytes;
    }

    internal Generator Generator { get; }

    internal int MaxLength { get; }

    internal string? Tenant { get; }

    internal string? Adapter { get; }

    internal long Bytes { get; }

    /// <summary>
    /// The tokens at the front of the cache that whole passes have put there. Generated tokens are not among them: a one-token pass gives other
    /// bits, so an answer would depend on what was asked before.
    /// </summary>
    internal ReadOnlySpan<int> Prompt => _prompt;

    /// <summary>Brings the cache to the given prompt, from the longest common prefix on, and returns how many tokens were there already.</summary>
    internal int Bring(int[] prompt, CancellationToken cancellationToken)
    {
        bool isBeyond = prompt.Length > _ropeLimit;
        int kept = isBeyond != _prompt.Length > _ropeLimit && _prompt.Length > 0 ? 0 : Math.Max(0, Math.Min(_prompt.AsSpan().CommonPrefixLength(prompt), prompt.Length - 2));
        if (Generator.TokenCount() > (ulong)kept)
        {
            Generator.RewindTo((ulong)kept);
        }

        _prompt = _prompt[..kept];
        if (isBeyond)
        {
            // Passes of which some end before the limit of the rope would fill the cache with two kinds of angles.
            cancellationToken.ThrowIfCancellationRequested();
            Generator.AppendTokens(prompt.AsSpan(kept));
        }
        else
        {
            Generator.AppendPrompt(prompt.AsSpan(kept), cancellationToken);
        }

        _prompt = prompt;
        return kept;
    }

    /// <summary>Forgets all of the prompt behind the given length.</summary>
    internal void Truncate(int length) => _prompt = _prompt[..Math.Min(length, _prompt.Length)];

    public void Dispose() => Generator.Dispose();
}
