using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Merging;

/// <summary>
/// Byte-pair encoding of any number of bytes with a heap, O(n log n): what windows fall back to when they do not fit together, and what tests compare with.
/// </summary>
internal static unsafe class HeapMerger
{
    /// <summary>Merges <paramref name="length"/> byte tokens at <paramref name="tokens"/> in place.</summary>
    /// <returns>How many tokens are left, at the front of <paramref name="tokens"/>.</returns>
    public static int Merge<TKernel>(PairTable pairs, uint* tokens, int length)
        where TKernel : struct, IBlockKernel
    {
        // Every merge offers at most two pairs, and there are fewer merges than bytes.
        using var links = new NativeArray<int>(2L * (length + 1));
        using var entries = new NativeArray<ulong>(3L * length);
        int* next = links.Pointer;
        int* previous = next + length + 1;
        var heap = new MinHeap(entries.Pointer);
        for (int i = 0; i < length; i++)
        {
            next[i] = i + 1;
            previous[i] = i - 1;
            if (i + 1 < length)
            {
                Offer<TKernel>(ref heap, pairs, tokens, i, i + 1);
            }
        }

        int count = length;
        while (heap.TryTake(out ulong lowest))
        {
            int at = (int)(uint)lowest;
            uint merged = (uint)(lowest >> 32);
            int gone = next[at];
            // Stale when either side has merged with something else meanwhile; a token that is gone merges with nothing.
            if (tokens[at] == uint.MaxValue || gone >= length || pairs.Find<TKernel>(tokens[at], tokens[gone]) != merged)
            {
                continue;
            }

            int after = next[gone];
            tokens[at] = merged;
            tokens[gone] = uint.MaxValue;
            next[at] = after;
            previous[after] = at;
            count--;
            if (after < length)
            {
                Offer<TKernel>(ref heap, pairs, tokens, at, after);
            }

            if (previous[at] >= 0)
            {
                Offer<TKernel>(ref heap, pairs, tokens, previous[at], at);
            }
        }

        int from = 0;
        for (int i = 0; i < count; i++)
        {
            tokens[i] = tokens[from];
            from = next[from];
        }

        return count;
    }

    private static void Offer<TKernel>(ref MinHeap heap, PairTable pairs, uint* tokens, int left, int right)
        where TKernel : struct, IBlockKernel
    {
        uint merged = pairs.Find<TKernel>(tokens[left], tokens[right]);
        if (merged != PairTable.None)
        {
            heap.Add(((ulong)merged << 32) | (uint)left);
        }
    }

    /// <summary>A binary heap over memory that the caller owns and made large enough.</summary>
    private ref struct MinHeap(ulong* items)
    {
        private int _count;

        public void Add(ulong item)
        {
            int at = _count++;
            while (at > 0 && items[(at - 1) / 2] > item)
            {
                items[at] = items[(at - 1) / 2];
                at = (at - 1) / 2;
            }

            items[at] = item;
        }

        public bool TryTake(out ulong lowest)
        {
            if (_count == 0)
            {
                lowest = 0;
                return false;
            }

            lowest = items[0];
            ulong item = items[--_count];
            int at = 0;
            while (true)
            {
                int child = (2 * at) + 1;
                if (child >= _count)
                {
                    break;
                }

                if (child + 1 < _count && items[child + 1] < items[child])
                {
                    child++;
                }

                if (items[child] >= item)
                {
                    break;
                }

                items[at] = items[child];
                at = child;
            }

            items[at] = item;
            return true;
        }
    }
}
