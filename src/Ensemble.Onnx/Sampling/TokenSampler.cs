using System.Buffers;
using System.Numerics.Tensors;

namespace Ensemble.Onnx;

/// <summary>
/// Chooses the next token from the logits: bias and OpenAI's penalties, then temperature, top-k, top-p and min-p, each over what the one
/// before has left. Serves one answer, on one thread.
/// </summary>
internal sealed class TokenSampler : IDisposable
{
    private readonly SamplingOptions _options;
    private readonly float[] _weights;
    private readonly float[] _scratch;
    private readonly Dictionary<int, int> _counts = [];
    private int _position;

    internal TokenSampler(SamplingOptions options, int vocabulary)
    {
        _options = options;
        _weights = ArrayPool<float>.Shared.Rent(vocabulary);
        _scratch = ArrayPool<float>.Shared.Rent(vocabulary);
    }

    /// <summary>A buffer of at least the vocabulary's length that is free between choices.</summary>
    internal Span<float> Scratch => _scratch;

    /// <summary>Chooses a token and counts it for the penalties.</summary>
    internal int Choose(ReadOnlySpan<float> logits)
    {
        Span<float> weights = _weights.AsSpan(0, logits.Length);
        ReadOnlySpan<float> adjusted = logits;
        if (_counts.Count > 0 || _options.LogitBias is not null)
        {
            logits.CopyTo(weights);
            Adjust(weights);
            adjusted = weights;
        }

        int token = _options.Temperature > 0 ? Sample(adjusted, weights) : TensorPrimitives.IndexOfMax(adjusted);
        _position++;
        if (_options.HasPenalty)
        {
            _counts[token] = _counts.GetValueOrDefault(token) + 1;
        }

        return token;
    }

    public void Dispose()
    {
        ArrayPool<float>.Shared.Return(_weights);
        ArrayPool<float>.Shared.Return(_scratch);
    }

    private int Sample(ReadOnlySpan<float> logits, Span<float> weights)
    {
        float max = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, max, weights);
        TensorPrimitives.Divide(weights, _options.Temperature, weights);
        TensorPrimitives.Exp<float>(weights, weights);
        float cutoff = 0;
        if (_options.TopK > 0 && _options.TopK < weights.Length)
        {
            cutoff = Weights.CutoffByCount(weights, _options.TopK, _scratch);
        }

        if (_options.TopP is > 0 and < 1)
        {
            cutoff = Weights.CutoffByShare(weights, cutoff, _options.TopP, _scratch);
        }

        return Weights.Draw(weights, Math.Max(cutoff, _options.MinP), SeededDraw.At(_options.Seed, _position));
    }

    // OpenAI: logit -= count * frequency_penalty + (count > 0) * presence_penalty, over the tokens of the answer so far.
    private void Adjust(Span<float> logits)
    {
        foreach ((int token, int count) in _counts)
        {
            logits[token] -= (count * _options.FrequencyPenalty) + _options.PresencePenalty;
        }

        if (_options.LogitBias is { } bias)
        {
            foreach ((int token, float value) in bias)
            {
                logits[token] += value;
            }
        }
    }
}
