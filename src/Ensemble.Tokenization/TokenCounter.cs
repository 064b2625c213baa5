using Ensemble.Tokenization.Counting;
using Ensemble.Tokenization.Normalizing;

namespace Ensemble.Tokenization;

/// <summary>Counts a text that arrives in parts; at any time the count is that of the parts put together.</summary>
/// <remarks>
/// Keeps only the end of the text that further parts may still change. Not thread-safe: one text, one counter. The memory it holds is bounded by
/// a few times the longest piece (a word, a run of white space) of the text. If a tokenizer file asks for normalization, combining marks without end behind
/// one letter are normalized anew for each count.
/// </remarks>
public sealed partial class TokenCounter
{
    private const int InitialCapacity = 256;

    // A part is taken in slices, so that what is held does not grow with the parts; and after a long piece the room for it is given back.
    private const int Slice = 4096;
    private const int KeptCapacity = 16 * 1024;
    private const int MinLook = 32;

    private readonly PieceCounter _counter;
    private char[] _open = new char[InitialCapacity];
    private int _openLength;
    private long _settled;
    private long _openCount;
    private bool _openCounted = true;
    private int _nextLook;
    private readonly OpenRun _run;

    internal TokenCounter(PieceCounter counter, TextNormalizer? normalizer)
    {
        _counter = counter;
        _run = new OpenRun(counter);
        _normalizer = normalizer;
    }

    /// <summary>The number of tokens of the text so far.</summary>
    public long Count
    {
        get
        {
            if (!_openCounted)
            {
                if (_openLength >= OpenRun.MinLength && !_run.IsFollowed)
                {
                    // Long, but of many pieces: those that are settled need not be counted again and again.
                    Settle();
                }

                _openCount = _pendingLength != 0 ? CountWithPending()
                    : _openLength < OpenRun.MinLength ? _counter.Count(_open.AsSpan(0, _openLength), long.MaxValue)
                    : _run.Count(_open.AsSpan(0, _openLength));
                _openCounted = true;
            }

            return _settled + _openCount;
        }
    }

    /// <summary>Adds the next part of the text; a surrogate pair may be split between parts.</summary>
    /// <param name="text">The part, in UTF-16.</param>
    public void Append(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        _openCounted = false;
        while (!text.IsEmpty)
        {
            ReadOnlySpan<char> slice = text[..Math.Min(Slice, text.Length)];
            text = text[slice.Length..];
            if (_normalizer is null)
            {
                AppendNormalized(slice);
            }
            else
            {
                AppendPending(slice);
            }
        }
    }

    /// <summary>Starts over with an empty text.</summary>
    public void Reset()
    {
        _openLength = 0;
        _nextLook = 0;
        _run.Reset();
        _pendingLength = 0;
        if (_open.Length > KeptCapacity)
        {
            _open = new char[InitialCapacity];
        }

        if (_pending.Length > KeptCapacity)
        {
            _pending = [];
        }

        _settled = 0;
        _openCount = 0;
        _openCounted = true;
    }

    private void AppendNormalized(ReadOnlySpan<char> text)
    {
        if (_open.Length - _openLength < text.Length)
        {
            Array.Resize(ref _open, Math.Max(checked(_openLength + text.Length), 2 * _open.Length));
        }

        text.CopyTo(_open.AsSpan(_openLength));
        _openLength += text.Length;
        // Looked through only when it has doubled, so that each character is looked at a few times however it came.
        if (_openLength < _nextLook)
        {
            return;
        }

        Settle();
    }

    private void Settle()
    {
        int settled = _counter.CountSettled(_open.AsSpan(0, _openLength), ref _settled);
        if (settled > 0)
        {
            _open.AsSpan(settled, _openLength - settled).CopyTo(_open);
            _openLength -= settled;
            _run.Reset();
        }

        _nextLook = 2 * Math.Max(_openLength, MinLook);
    }
}
