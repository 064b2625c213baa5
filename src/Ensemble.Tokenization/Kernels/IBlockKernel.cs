using System.Runtime.Intrinsics;

namespace Ensemble.Tokenization.Kernels;

/// <summary>What a processor's vectors are used for; all else is written once, over 64-bit masks.</summary>
internal unsafe interface IBlockKernel
{
    /// <summary>The bytes of a block, one bit each in every mask.</summary>
    const int BlockLength = 64;

    /// <summary>Whether this processor runs the kernel at full speed.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>
    /// Whether the kernel reads aligned words of 16 bytes in one piece, so that a word that another thread replaces is seen whole. If not, the cache
    /// scrambles the halves of a word with each other, and halves that do not belong together match nothing.
    /// </summary>
    static abstract bool ReadsWholeWords { get; }

    /// <summary>Marks the ASCII characters of a block by class.</summary>
    /// <returns>The bytes that are not ASCII, or are zero.</returns>
    static abstract ulong Classify(byte* block, out AsciiMasks masks);

    /// <summary>Marks the bytes that start a character of several bytes.</summary>
    static abstract ulong FindLeads(byte* block);

    /// <summary>Marks the bytes that have one of some bits set.</summary>
    static abstract ulong TestBits(byte* block, byte bits);

    /// <summary>Writes the positions of the bits of a mask, plus an origin; may overwrite up to 64 places.</summary>
    /// <returns>The number of bits.</returns>
    static abstract int WritePositions(ulong mask, int origin, int* destination);

    /// <summary>Looks up to 64 keys up, each in its own bucket of four 16-byte entries whose last byte is the count; in scrambled words the low half is combined with the high.</summary>
    /// <param name="buckets">A bucket for each key.</param>
    /// <param name="keys">The keys, last byte zero.</param>
    /// <param name="count">The number of keys.</param>
    /// <param name="misses">The keys that were not found.</param>
    /// <returns>The sum of the counts of those that were.</returns>
    static abstract long SumCounts(byte** buckets, Vector128<byte>* keys, int count, out ulong misses);

    /// <summary>Looks one key up in its bucket, as <see cref="SumCounts"/> does.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="low">The first 8 bytes of the key.</param>
    /// <param name="high">The others, the last of them zero.</param>
    /// <returns>The count, 0 when the key was not found.</returns>
    static abstract long FindCount(byte* bucket, ulong low, ulong high);

    /// <summary>Looks tags up, each in its own bucket of four entries: a tag of 8 bytes, then ids packed in 8; in scrambled words the tag is combined with the ids.</summary>
    /// <param name="buckets">A bucket for each tag.</param>
    /// <param name="tags">The tags.</param>
    /// <param name="count">The number of tags, up to 64.</param>
    /// <param name="ids">Takes the packed ids of each, 0 when it was not found.</param>
    /// <returns>The tags that were not found.</returns>
    static abstract ulong FindIds(byte** buckets, ulong* tags, int count, ulong* ids);

    /// <summary>The smallest of 16 numbers.</summary>
    static abstract uint Min16(uint* numbers);

    /// <summary>Marks the entries of a bucket of 16 that carry a tag above their lowest bits.</summary>
    static abstract uint FindEntries(uint* bucket, uint tag, int tokenBits);
}
