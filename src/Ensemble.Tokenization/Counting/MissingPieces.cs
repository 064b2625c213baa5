using System.Runtime.Intrinsics;

namespace Ensemble.Tokenization.Counting;

/// <summary>Pieces that a cache did not know, collected until there are enough to merge many side by side.</summary>
internal unsafe ref struct MissingPieces(byte** pieces, int* lengths, byte** buckets, Vector128<byte>* keys)
{
    /// <summary>The most pieces that wait.</summary>
    public const int Capacity = 64;

    /// <summary>Where each piece is.</summary>
    public readonly byte** Pieces => pieces;

    /// <summary>The bytes of each piece.</summary>
    public readonly int* Lengths => lengths;

    /// <summary>The bucket of each piece in the cache.</summary>
    public readonly byte** Buckets => buckets;

    /// <summary>The key of each piece in the cache.</summary>
    public readonly Vector128<byte>* Keys => keys;

    /// <summary>The number of pieces.</summary>
    public int Count { get; private set; }

    /// <summary>Has a piece wait.</summary>
    public void Add(byte* piece, int length, byte* bucket, Vector128<byte> key)
    {
        pieces[Count] = piece;
        lengths[Count] = length;
        buckets[Count] = bucket;
        keys[Count++] = key;
    }

    /// <summary>Lets all go.</summary>
    public void Clear() => Count = 0;
}
