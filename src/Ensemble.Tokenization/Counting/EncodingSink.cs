using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Writes the ids of pieces, 64 at a time: first all keys are made and their entries fetched, then all are looked up.</summary>
internal unsafe ref struct EncodingSink<TKernel>(PieceCache keyMaker, IdCache? cache, BytePairVocabulary vocabulary, TokenSink tokens) : IPieceSink
    where TKernel : struct, IBlockKernel
{
    private const int BatchLength = 64;

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

        byte** entries = stackalloc byte*[BatchLength];
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
                byte* entry = cache.EntryOf(key);
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(entry);
                }

                keys[i] = key;
                entries[i] = entry;
            }

            for (int i = 0; i < batch; i++)
            {
                uint* ids = IdCache.Find(entries[i], keys[i], out int known);
                if (ids is not null)
                {
                    _tokens.AddIds(ids, known);
                }
                else
                {
                    AddMissing(new ReadOnlySpan<byte>(text + start, batchEnds[i] - start), keys[i], entries[i]);
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
    private void AddMissing(ReadOnlySpan<byte> piece, Vector128<byte> key, byte* entry)
    {
        if (piece.Length > LaneMerger.MaxLength)
        {
            vocabulary.Encode<TKernel>(piece, ref _tokens);
            return;
        }

        int* ids = stackalloc int[LaneMerger.MaxLength];
        var made = new TokenSink(new Span<int>(ids, LaneMerger.MaxLength));
        vocabulary.Encode<TKernel>(piece, ref made);
        int count = (int)made.Count;
        for (int i = 0; i < count; i++)
        {
            _tokens.AddId(ids[i]);
        }

        if (count is > 0 and <= IdCache.MaxIds)
        {
            IdCache.Add(entry, key, new ReadOnlySpan<int>(ids, count));
        }
    }
}
