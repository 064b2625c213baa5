using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Kernels;

namespace Ensemble.Tokenization.Merging;

/// <summary>
/// Byte-pair encoding of pieces of up to <see cref="MaxLength"/> bytes, several at a time: each waits for its next look-ups while the others take a step.
/// </summary>
/// <remarks>
/// A pair's key is its rank above its place, so that the smallest key is the leftmost pair of lowest rank. Places count from 1; in place 0 and behind the
/// last stands <see cref="PairTable.Nothing"/>, which saves the branches for the ends. Keys are always loaded and stored as whole vectors: stored
/// singly and loaded together, they would stall.
/// </remarks>
internal static unsafe class LaneMerger
{
    /// <summary>The longest piece: 64 places but two.</summary>
    public const int MaxLength = 62;

    private const int Lanes = 8;
    private const int PlaceBits = 6;
    private const int KeysPerVector = 16;
    private const uint Never = uint.MaxValue;

    /// <summary>Counts the tokens of some pieces of 1 to <see cref="MaxLength"/> bytes, and writes them if asked to.</summary>
    /// <param name="pairs">The vocabulary.</param>
    /// <param name="pieces">Where each piece is.</param>
    /// <param name="lengths">Its bytes.</param>
    /// <param name="count">The number of pieces.</param>
    /// <param name="tokenCounts">Takes the number of tokens of each.</param>
    /// <param name="tokens">Takes the tokens of each, <see cref="MaxLength"/> places for a piece; null when only their number is asked for.</param>
    public static void Merge<TKernel>(PairTable pairs, byte** pieces, int* lengths, int count, int* tokenCounts, uint* tokens)
        where TKernel : struct, IBlockKernel
    {
        Lane* lanes = stackalloc Lane[Lanes];
        Lane** active = stackalloc Lane*[Lanes];
        int taken = 0;
        int running = 0;
        while (taken < count && running < Lanes)
        {
            active[running] = lanes + running;
            Start(pairs, active[running++], pieces[taken], lengths[taken], taken);
            taken++;
        }

        while (running > 0)
        {
            for (int i = 0; i < running; i++)
            {
                Lane* lane = active[i];
                while (!TryChoose(pairs, lane))
                {
                    tokenCounts[lane->Piece] = tokens == null ? BitOperations.PopCount(lane->Places) : WriteTokens(lane, tokens + (MaxLength * lane->Piece));
                    if (taken < count)
                    {
                        Start(pairs, lane, pieces[taken], lengths[taken], taken);
                        taken++;
                        continue;
                    }

                    running--;
                    active[i] = active[running];
                    active[running] = lane;
                    if (i == running)
                    {
                        break;
                    }

                    lane = active[i];
                }
            }

            for (int i = 0; i < running; i++)
            {
                Guess<TKernel>(pairs, active[i]);
            }

            for (int i = 0; i < running; i++)
            {
                Merge(pairs, active[i]);
            }
        }
    }

    /// <summary>Encodes one piece.</summary>
    /// <param name="pairs">The vocabulary.</param>
    /// <param name="piece">The bytes.</param>
    /// <param name="length">Their number.</param>
    /// <param name="tokens">Takes the tokens.</param>
    /// <returns>Their number.</returns>
    public static int Encode<TKernel>(PairTable pairs, byte* piece, int length, uint* tokens)
        where TKernel : struct, IBlockKernel
    {
        Lane lane;
        Start(pairs, &lane, piece, length, 0);
        while (TryChoose(pairs, &lane))
        {
            Guess<TKernel>(pairs, &lane);
            Merge(pairs, &lane);
        }

        return WriteTokens(&lane, tokens);
    }

    private static int WriteTokens(Lane* lane, uint* tokens)
    {
        int count = 0;
        for (ulong places = lane->Places; places != 0; places &= places - 1)
        {
            tokens[count++] = lane->Tokens[BitOperations.TrailingZeroCount(places)];
        }

        return count;
    }

    private static void Start(PairTable pairs, Lane* lane, byte* piece, int length, int index)
    {
        lane->Piece = index;
        lane->Length = length;
        lane->Places = (ulong.MaxValue >> (64 - length)) << 1;
        lane->Vectors = (length + KeysPerVector - 1) / KeysPerVector;
        uint* ranks = stackalloc uint[MaxLength + 2];
        for (int vector = 0; vector < lane->Vectors; vector++)
        {
            Vector256.Store(Vector256<uint>.Zero, ranks + (KeysPerVector * vector));
            Vector256.Store(Vector256<uint>.Zero, ranks + (KeysPerVector * vector) + Vector256<uint>.Count);
        }

        uint* tokens = lane->Tokens;
        tokens[0] = PairTable.Nothing;
        tokens[1] = pairs.TokenOfByte(piece[0]);
        tokens[length + 1] = PairTable.Nothing;
        for (int i = 1; i < length; i++)
        {
            ranks[i] = pairs.FindBytes(piece[i - 1], piece[i]);
            tokens[i + 1] = pairs.TokenOfByte(piece[i]);
        }

        // Where there are no vectors of 16, halves: the platform's stand-in for them goes through memory. Stored as they will be loaded.
        for (int at = 0; at < KeysPerVector * lane->Vectors; at += KeysPerVector)
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Vector512<uint> loaded = Vector512.Load(ranks + at);
                Vector512<uint> places = Vector512<uint>.Indices + Vector512.Create((uint)at);
                Vector512<uint> none = Vector512.Equals(loaded, Vector512<uint>.Zero);
                Vector512.Store(Vector512.ConditionalSelect(none, Vector512<uint>.AllBitsSet, (loaded << PlaceBits) | places), lane->Keys + at);
            }
            else
            {
                StoreKeys(ranks + at, lane->Keys + at, (uint)at);
                StoreKeys(ranks + at + Vector256<uint>.Count, lane->Keys + at + Vector256<uint>.Count, (uint)(at + Vector256<uint>.Count));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreKeys(uint* ranks, uint* keys, uint firstPlace)
    {
        Vector256<uint> loaded = Vector256.Load(ranks);
        Vector256<uint> places = Vector256<uint>.Indices + Vector256.Create(firstPlace);
        Vector256<uint> none = Vector256.Equals(loaded, Vector256<uint>.Zero);
        Vector256.Store(Vector256.ConditionalSelect(none, Vector256<uint>.AllBitsSet, (loaded << PlaceBits) | places), keys);
    }

    /// <summary>Joins the pair of lowest rank and has its new neighbours fetched; false when no pair is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryChoose(PairTable pairs, Lane* lane)
    {
        uint lowest = Lowest(lane);
        if (lowest == Never)
        {
            return false;
        }

        int at = (int)(lowest & (uint.MaxValue >> (32 - PlaceBits)));
        ulong ends = 1UL | (2UL << lane->Length);
        ulong above = (lane->Places | ends) & (ulong.MaxValue - 1 << at);
        int gone = BitOperations.TrailingZeroCount(above);
        uint* tokens = lane->Tokens;
        lane->At = at;
        lane->Gone = gone;
        lane->Before = BitOperations.Log2((lane->Places | ends) & ((1UL << at) - 1));
        lane->Places ^= 1UL << gone;
        lane->Merged = lowest >> PlaceBits;
        lane->Right = tokens[BitOperations.TrailingZeroCount(above & (above - 1))];
        lane->Left = tokens[lane->Before];
        tokens[at] = lane->Merged;
        lane->RightBucket = pairs.Prefetch(lane->Merged, lane->Right);
        lane->LeftBucket = pairs.Prefetch(lane->Left, lane->Merged);
        return true;
    }

    /// <summary>Looks the new pairs up, as far as they can be told by their hashes, and has the rest fetched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Guess<TKernel>(PairTable pairs, Lane* lane)
        where TKernel : struct, IBlockKernel
    {
        lane->RightGuess = pairs.Guess<TKernel>(lane->RightBucket, lane->Merged, lane->Right);
        lane->LeftGuess = pairs.Guess<TKernel>(lane->LeftBucket, lane->Left, lane->Merged);
    }

    /// <summary>Ends the step with the keys of the new pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Merge(PairTable pairs, Lane* lane)
    {
        uint right = lane->RightGuess;
        uint left = lane->LeftGuess;
        if (!pairs.IsRight(right, lane->Merged, lane->Right))
        {
            right = pairs.FindSlowly(lane->Merged, lane->Right);
        }

        if (!pairs.IsRight(left, lane->Left, lane->Merged))
        {
            left = pairs.FindSlowly(lane->Left, lane->Merged);
        }

        Set(lane, lane->Gone, Never);
        Set(lane, lane->At, Key(right, lane->At));
        Set(lane, lane->Before, Key(left, lane->Before));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Key(uint rank, int place) => (rank << PlaceBits) | (uint)place | PairTable.NoneMask(rank);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Set(Lane* lane, int place, uint key)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            uint* vector = lane->Keys + (place & -KeysPerVector);
            Vector512<uint> here = Vector512.Equals(Vector512<uint>.Indices, Vector512.Create((uint)place % KeysPerVector));
            Vector512.Store(Vector512.ConditionalSelect(here, Vector512.Create(key), Vector512.Load(vector)), vector);
        }
        else
        {
            uint* vector = lane->Keys + (place & -Vector256<uint>.Count);
            Vector256<uint> here = Vector256.Equals(Vector256<uint>.Indices, Vector256.Create((uint)place % (uint)Vector256<uint>.Count));
            Vector256.Store(Vector256.ConditionalSelect(here, Vector256.Create(key), Vector256.Load(vector)), vector);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Lowest(Lane* lane)
    {
        Vector256<uint> eight;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<uint> keys = Vector512.Load(lane->Keys);
            for (int vector = 1; vector < lane->Vectors; vector++)
            {
                keys = Vector512.Min(keys, Vector512.Load(lane->Keys + (KeysPerVector * vector)));
            }

            eight = Vector256.Min(keys.GetLower(), keys.GetUpper());
        }
        else
        {
            eight = Vector256.Min(Vector256.Load(lane->Keys), Vector256.Load(lane->Keys + Vector256<uint>.Count));
            for (int at = KeysPerVector; at < KeysPerVector * lane->Vectors; at += KeysPerVector)
            {
                eight = Vector256.Min(eight, Vector256.Min(Vector256.Load(lane->Keys + at), Vector256.Load(lane->Keys + at + Vector256<uint>.Count)));
            }
        }

        return Vector128Kernel.Min(Vector128.Min(eight.GetLower(), eight.GetUpper()));
    }

    /// <summary>A piece under way.</summary>
    private struct Lane
    {
        public fixed uint Keys[64];
        public fixed uint Tokens[65];
        public int Piece;
        public int Length;
        public int Vectors;
        public ulong Places;

        // The step between its parts.
        public int At;
        public int Gone;
        public int Before;
        public uint Merged;
        public uint Left;
        public uint Right;
        public uint* RightBucket;
        public uint* LeftBucket;
        public uint RightGuess;
        public uint LeftGuess;
    }
}
