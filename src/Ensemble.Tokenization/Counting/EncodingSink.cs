using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Writes the ids of pieces, 64 at a time: first all keys are made and their groups fetched, then all are looked up.</summary>
internal unsafe ref struct EncodingSink<TKernel>(PieceCache keyMaker, IdCache? cache, BytePairVocabulary vocabulary, TokenSink tokens) : IPieceSink
    where TKernel : struct, IBlockKernel
{
    private const int BatchLength = 64;

    // Longer pieces rarely have few enough ids.
    private const int MaxRememberedLength = 1024;

    private TokenSink _tokens = tokens;

    /// <summary>The ids given before and here.</summary>
    public readonly TokenSink Tokens => _tokens;

    public bool Add(byte* text, int start, int* ends, int count)
    {
        if (cache is null)
        {
            for (int i = 0; i < count; i++)
            {
                vocabulary.Encode<TKernel>(new ReadOnlySpan<byte>(text + start, ends[i] - start), ref _tokens);
                start = ends[i];
            }

            return true;
        }

        byte** groups = stackalloc byte*[BatchLength];
        Vector128<byte>* keys = stackalloc Vector128<byte>[BatchLength];
        Vector128<byte>* lengthMasks = keyMaker.LengthMasks;
        for (int first = 0; first < count; first += BatchLength)
        {
            int batch = Math.Min(BatchLength, count - first);
            int* batchEnds = ends + first;
            int at = start;
            for (int i = 0; i < batch; i++)
            {
                byte* piece = text + at;
                int length = batchEnds[i] - at;
                at = batchEnds[i];
                Vector128<byte> key = length <= PieceCache.MaxPlainKey ? PieceCache.PlainKey(piece, length, lengthMasks) : PieceHash.KeyOf(piece, length);
                byte* group = cache.GroupOf(key);
                IdCache.Prefetch(group);

                keys[i] = key;
                groups[i] = group;
            }

            for (int i = 0; i < batch; i++)
            {
                uint* ids = IdCache.Find(groups[i], keys[i], out int known);
                if (ids is not null)
                {
                    _tokens.AddIds(ids, known);
                }
                else
                {
                    AddMissing(new ReadOnlySpan<byte>(text + start, batchEnds[i] - start), keys[i], groups[i]);
                }

                start = batchEnds[i];
            }
        }

        return true;
    }

    public bool AddUncached(ReadOnlySpan<byte> piece)
    {
        vocabulary.Encode<TKernel>(piece, ref _tokens);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddMissing(ReadOnlySpan<byte> piece, Vector128<byte> key, byte* group)
    {
        if (piece.Length > MaxRememberedLength)
        {
            vocabulary.Encode<TKernel>(piece, ref _tokens);
            return;
        }

        if (piece.Length > IdCache.MaxIds)
        {
            ReadOnlySpan<int> known = cache!.FindLong(key);
            if (!known.IsEmpty)
            {
                _tokens.AddIds(known);
                return;
            }
        }

        int* ids = stackalloc int[IdCache.MaxLongIds];
        var made = new TokenSink(new Span<int>(ids, IdCache.MaxLongIds));
        vocabulary.Encode<TKernel>(piece, ref made);
        if (made.Count > IdCache.MaxLongIds)
        {
            vocabulary.Encode<TKernel>(piece, ref _tokens);
            return;
        }

        var all = new ReadOnlySpan<int>(ids, (int)made.Count);
        _tokens.AddIds(all);
        if (!all.IsEmpty)
        {
            cache!.Add(group, key, all);
        }
    }
}
