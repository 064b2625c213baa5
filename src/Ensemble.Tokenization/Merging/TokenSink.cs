using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Counts tokens without their ids.</summary>
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

    /// <summary>Adds 1 to 12 ids, of which 48 bytes can be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void AddIds(uint* ids, int count)
    {
        if (Count <= _destination.Length - (3 * Vector128<int>.Count))
        {
            // The surplus is overwritten by what follows.
            ref int place = ref Unsafe.Add(ref MemoryMarshal.GetReference(_destination), (nint)Count);
            Vector128.Load((int*)ids).StoreUnsafe(ref place);
            if (count > Vector128<int>.Count)
            {
                Vector128.Load((int*)ids + 4).StoreUnsafe(ref place, 4);
                Vector128.Load((int*)ids + 8).StoreUnsafe(ref place, 8);
            }

            Count += count;
            return;
        }

        for (int i = 0; i < count; i++)
        {
            AddId((int)ids[i]);
        }
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
