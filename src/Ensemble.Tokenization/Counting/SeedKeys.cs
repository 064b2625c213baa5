using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Counting;

/// <summary>The bytes of the tokens of lowest rank, as far as they are short enough to be keys.</summary>
internal readonly unsafe ref struct SeedKeys : IDisposable
{
    private readonly NativeArray<Vector128<byte>> _keys;
    private readonly NativeArray<byte> _lengths;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public SeedKeys(MergeList merges, int tokens)
    {
        Count = (uint)Math.Min(tokens, merges.TokenCount);
        _keys = new NativeArray<Vector128<byte>>((int)Count);
        _lengths = new NativeArray<byte>((int)Count);
        Vector128<byte>* keys = _keys.Pointer;
        byte* lengths = _lengths.Pointer;
        byte* joined = stackalloc byte[2 * sizeof(Vector128<byte>)];
        for (int value = 0; value < MergeList.ByteTokens; value++)
        {
            uint token = merges.TokenOfByte((byte)value);
            keys[token] = Vector128.CreateScalar((byte)value);
            lengths[token] = 1;
        }

        for (uint token = MergeList.ByteTokens; token < Count; token++)
        {
            uint left = merges.Left(token);
            uint right = merges.Right(token);
            int length = lengths[left] + lengths[right];
            lengths[token] = (byte)Math.Min(length, PieceCache.MaxPlainKey + 1);
            if (length <= PieceCache.MaxPlainKey)
            {
                Vector128.Store(keys[left], joined);
                Vector128.Store(keys[right], joined + lengths[left]);
                keys[token] = Vector128.Load(joined);
            }
        }
    }

    /// <summary>The number of tokens.</summary>
    public uint Count { get; }

    /// <summary>The bytes of a token; above <see cref="PieceCache.MaxPlainKey"/> it has no key.</summary>
    public int LengthOf(uint token) => _lengths.Pointer[token];

    /// <summary>The bytes of a token, padded with zeros.</summary>
    public Vector128<byte> KeyOf(uint token) => _keys.Pointer[token];

    public void Dispose()
    {
        _keys.Dispose();
        _lengths.Dispose();
    }
}
