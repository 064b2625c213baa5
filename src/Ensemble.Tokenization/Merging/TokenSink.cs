using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Merging;

/// <summary>Counts tokens and, as far as they fit, writes their ids.</summary>
internal ref struct TokenSink(Span<int> destination)
{
    private readonly Span<int> _destination = destination;

    /// <summary>The tokens added, whether or not they fitted.</summary>
    public long Count { get; private set; }

    /// <summary>Whether further ids would only be counted.</summary>
    public readonly bool IsFull => Count >= _destination.Length;

    /// <summary>Counts tokens whose ids are elsewhere, or already at <see cref="Next"/>.</summary>
    public void Skip(long count) => Count += count;

    public void Add(uint token, VocabularyDefinition definition)
    {
        if (Count < _destination.Length)
        {
            _destination[(int)Count] = definition.IdOf(token);
        }

        Count++;
    }

    public void AddId(int id)
    {
        if (Count < _destination.Length)
        {
            _destination[(int)Count] = id;
        }

        Count++;
    }

    /// <summary>Whether so many ids still fit.</summary>
    public readonly bool HasRoom(int count) => Count <= _destination.Length - count;

    /// <summary>Where the next id goes; only while there is room.</summary>
    public readonly ref int Next
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref MemoryMarshal.GetReference(_destination), (nint)Count);
    }

    /// <summary>Adds ids.</summary>
    public void AddIds(ReadOnlySpan<int> ids)
    {
        if (Count < _destination.Length)
        {
            int fitting = (int)Math.Min(ids.Length, _destination.Length - Count);
            ids[..fitting].CopyTo(_destination[(int)Count..]);
        }

        Count += ids.Length;
    }

    /// <summary>Takes back everything after the first <paramref name="count"/> tokens.</summary>
    public void Truncate(long count) => Count = count;
}
