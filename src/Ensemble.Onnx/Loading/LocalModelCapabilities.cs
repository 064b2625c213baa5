namespace Ensemble.Onnx;

/// <summary>What a model's runtime can do, found by trying when it is loaded.</summary>
public sealed class LocalModelCapabilities
{
    internal LocalModelCapabilities(bool canAppend, bool canRewind, bool allLogits, int cacheBytesPerToken)
    {
        CanAppend = canAppend;
        CanRewind = canRewind;
        AllLogits = allLogits;
        CacheBytesPerToken = cacheBytesPerToken;
    }

    /// <summary>Gets whether tokens can be appended after the first time; without it the runtime's own sampler chooses the tokens.</summary>
    public bool CanAppend { get; }

    /// <summary>Gets whether the model can go back to an earlier length; without it no prefix is kept between requests.</summary>
    public bool CanRewind { get; }

    /// <summary>Gets whether one pass gives the logits of every new position; without it scoring goes token by token.</summary>
    public bool AllLogits { get; }

    /// <summary>Gets the size of the key and value cache in bytes a token.</summary>
    public int CacheBytesPerToken { get; }

    /// <inheritdoc/>
    public override string ToString() => $"append {Word(CanAppend)}, rewind {Word(CanRewind)}, all logits {Word(AllLogits)}, {CacheBytesPerToken} bytes of cache a token";

    private static string Word(bool value) => value ? "yes" : "no";
}
