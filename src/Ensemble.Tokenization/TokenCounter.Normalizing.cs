using Ensemble.Tokenization.Normalizing;

namespace Ensemble.Tokenization;

public sealed partial class TokenCounter
{
    private readonly TextNormalizer? _normalizer;

    // The end of the text that may still compose with what follows; only its first unit can be a settled one.
    private char[] _pending = [];
    private int _pendingLength;

    private void AppendPending(ReadOnlySpan<char> text)
    {
        if (_pending.Length - _pendingLength < text.Length)
        {
            Array.Resize(ref _pending, Math.Max(checked(_pendingLength + text.Length), 2 * _pending.Length));
        }

        text.CopyTo(_pending.AsSpan(_pendingLength));
        int cut = _normalizer!.LastCut(text);
        cut = cut < 0 ? 0 : _pendingLength + cut;
        _pendingLength += text.Length;
        if (cut > 0)
        {
            AppendNormalized(_normalizer.Normalize(_pending.AsSpan(0, cut)));
            _pending.AsSpan(cut, _pendingLength - cut).CopyTo(_pending);
            _pendingLength -= cut;
        }
    }

    private long CountWithPending() => _counter.Count(
        string.Concat(_open.AsSpan(0, _openLength), _normalizer!.Normalize(_pending.AsSpan(0, _pendingLength))), long.MaxValue);
}
