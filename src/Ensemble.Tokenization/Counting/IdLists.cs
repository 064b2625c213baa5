using System.Runtime.InteropServices;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>
/// The ids of pieces seen lately that have too many for a word of <see cref="IdCache"/>, in entries of one length, shared by threads: whoever writes an entry
/// makes its version odd, and who reads one looks at the version twice.
/// </summary>
/// <remarks>A piece is known by its tag there. Pages of entries that were never used are not resident.</remarks>
internal sealed unsafe class IdLists
{
    private const int Ways = 4;
    private const int CountAt = 4;
    private const int TagAt = 8;
    private const int IdsAt = 16;

    private readonly NativeBuffer _memory;
    private readonly int _entryLength;
    private readonly uint _setMask;
    private uint _evictions;

    /// <summary>Lists without entries.</summary>
    /// <param name="entryLength">The length of an entry in bytes, a multiple of a cache line.</param>
    /// <param name="setBits">The binary logarithm of the number of sets, of four entries each.</param>
    public IdLists(int entryLength, int setBits)
    {
        _entryLength = entryLength;
        _setMask = (1u << setBits) - 1;
        _memory = new((nuint)Ways * (nuint)entryLength << setBits);
    }

    /// <summary>The most ids that an entry holds.</summary>
    public int MaxIds => (_entryLength - IdsAt) / sizeof(int);

    /// <summary>Adds the ids of a piece to others.</summary>
    /// <param name="tag">The piece's tag.</param>
    /// <param name="hash">A number that chooses the set.</param>
    /// <param name="tokens">Takes the ids.</param>
    /// <returns>Whether the piece is known.</returns>
    public bool TryAddTo(ref TokenSink tokens, ulong tag, uint hash)
    {
        byte* entry = SetOf(hash);
        for (int way = 0; way < Ways; way++, entry += _entryLength)
        {
            int version = Volatile.Read(ref *(int*)entry);
            int count = *(int*)(entry + CountAt);
            if (*(ulong*)(entry + TagAt) != tag || (version & 1) != 0 || (uint)(count - 1) >= MaxIds)
            {
                continue;
            }

            // What is written here counts only once the version is found to be the same.
            var ids = new ReadOnlySpan<int>(entry + IdsAt, count);
            if (tokens.HasRoom(count))
            {
                ids.CopyTo(MemoryMarshal.CreateSpan(ref tokens.Next, count));
            }
            else
            {
                TokenSink same = tokens;
                same.AddIds(ids);
            }

            Volatile.ReadBarrier();
            if (Volatile.Read(ref *(int*)entry) == version)
            {
                tokens.Skip(count);
                return true;
            }
        }

        return false;
    }

    /// <summary>Remembers the ids of a piece, unless another thread is writing there.</summary>
    public void Add(ulong tag, uint hash, ReadOnlySpan<int> ids)
    {
        byte* entry = SetOf(hash);
        int way = 0;
        while (way < Ways && *(int*)(entry + CountAt) != 0 && *(ulong*)(entry + TagAt) != tag)
        {
            way++;
            entry += _entryLength;
        }

        if (way == Ways)
        {
            // Any will do, so a race for the counter does no harm.
            entry = SetOf(hash) + (_entryLength * (int)(_evictions++ & (Ways - 1)));
        }

        int version = Volatile.Read(ref *(int*)entry);
        if ((version & 1) != 0 || Interlocked.CompareExchange(ref *(int*)entry, version + 1, version) != version)
        {
            return;
        }

        *(int*)(entry + CountAt) = ids.Length;
        *(ulong*)(entry + TagAt) = tag;
        ids.CopyTo(new Span<int>(entry + IdsAt, ids.Length));
        Volatile.Write(ref *(int*)entry, version + 2);
    }

    private byte* SetOf(uint hash) => _memory.Pointer + ((nuint)(hash & _setMask) * (nuint)(Ways * _entryLength));
}
