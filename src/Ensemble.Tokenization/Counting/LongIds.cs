using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>The ids of long pieces seen lately, shared by threads: whoever writes an entry makes its version odd, and who reads one looks at the version twice.</summary>
/// <remarks>A piece is known by 112 bits of a hash that is seeded by the process. Pages of entries that were never used are not resident.</remarks>
internal sealed unsafe class LongIds
{
    /// <summary>The most ids that are remembered for a piece.</summary>
    public const int MaxIds = (EntryLength - IdsAt) / sizeof(int);

    private const int SetBits = 11;
    private const int Ways = 2;
    private const int EntryLength = 1024;
    private const int CountAt = 4;
    private const int KeyAt = 16;
    private const int IdsAt = 32;

    private readonly NativeBuffer _memory = new((nuint)Ways * EntryLength << SetBits);
    private uint _evictions;

    /// <summary>Copies the ids of a piece.</summary>
    /// <param name="key">The piece's key.</param>
    /// <param name="destination">Takes the ids, at least <see cref="MaxIds"/>.</param>
    /// <returns>Their number; 0 when the piece is not known.</returns>
    public int Find(Vector128<byte> key, int* destination)
    {
        byte* entry = SetOf(key);
        for (int way = 0; way < Ways; way++, entry += EntryLength)
        {
            int version = Volatile.Read(ref *(int*)entry);
            int count = *(int*)(entry + CountAt);
            if ((version & 1) != 0 || (uint)count > MaxIds || Vector128.LoadAligned(entry + KeyAt) != key)
            {
                continue;
            }

            new ReadOnlySpan<int>(entry + IdsAt, count).CopyTo(new Span<int>(destination, count));
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref *(int*)entry) == version)
            {
                return count;
            }
        }

        return 0;
    }

    /// <summary>Remembers the ids of a piece, unless another thread is writing there.</summary>
    public void Add(Vector128<byte> key, ReadOnlySpan<int> ids)
    {
        byte* entry = SetOf(key);
        if (*(int*)(entry + CountAt) != 0)
        {
            // Any will do, so a race for the counter does no harm.
            bool second = *(int*)(entry + EntryLength + CountAt) == 0 || (_evictions++ & 1) != 0;
            entry += second ? EntryLength : 0;
        }

        int version = Volatile.Read(ref *(int*)entry);
        if ((version & 1) != 0 || Interlocked.CompareExchange(ref *(int*)entry, version + 1, version) != version)
        {
            return;
        }

        *(int*)(entry + CountAt) = ids.Length;
        Vector128.StoreAligned(key, entry + KeyAt);
        ids.CopyTo(new Span<int>(entry + IdsAt, ids.Length));
        Volatile.Write(ref *(int*)entry, version + 2);
    }

    private byte* SetOf(Vector128<byte> key) => _memory.Pointer + ((nuint)(PieceCache.Hash(key) & ((1u << SetBits) - 1)) * Ways * EntryLength);
}
