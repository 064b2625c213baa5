using System.Runtime.CompilerServices;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Splits UTF-8 and counts or encodes the pieces, with the kernel and the rules it was made for.</summary>
internal abstract unsafe class TextSplitter
{
    /// <summary>Bytes that must be readable, and be zero, after the end of a final text.</summary>
    public const int Padding = IBlockKernel.BlockLength + 16;

    // All tokens would make a first English text a tenth faster and the first call in a process 15 ms slower.
    protected const int SeededTokens = 32 * 1024;

    /// <summary>Counts the pieces from <paramref name="start"/> on.</summary>
    /// <param name="text">Valid UTF-8, padded when final.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="final">Whether the text ends there; otherwise the last pieces, which more text might change, are left.</param>
    /// <param name="start">Where a piece starts.</param>
    /// <param name="total">Takes the count.</param>
    /// <param name="limit">The total above which counting stops.</param>
    /// <returns>Where the first uncounted piece starts.</returns>
    public abstract int Count(byte* text, int length, bool final, int start, ref long total, long limit);

    /// <summary>Adds the ids of the pieces from <paramref name="start"/> on, as <see cref="Count"/> counts them.</summary>
    public abstract int Encode(byte* text, int length, bool final, int start, ref TokenSink tokens);

    /// <summary>Adds the tokens of one piece.</summary>
    public abstract void EncodePiece(ReadOnlySpan<byte> piece, ref TokenSink sink);

    /// <inheritdoc cref="BytePairVocabulary.Boundaries"/>
    public abstract int Boundaries(byte* piece, int length, uint* tokens, int* starts);

    /// <inheritdoc cref="BytePairVocabulary.MayFollow"/>
    public abstract bool MayFollow(uint left, uint right);

    /// <summary>The splitter for some rules, with a cache of its own that knows the tokens of lowest rank.</summary>
    /// <exception cref="NotSupportedException">No family has these rules.</exception>
    public static TextSplitter Create(SplitRules rules, BytePairVocabulary vocabulary, KernelKind kernel) => kernel switch
    {
        KernelKind.Avx512 => Create<Avx512Kernel>(rules, vocabulary),
        KernelKind.Avx2 => Create<Avx2Kernel>(rules, vocabulary),
        KernelKind.Vector128 => Create<Vector128Kernel>(rules, vocabulary),
        _ => Create<ScalarKernel>(rules, vocabulary),
    };

    /// <summary>Whether this processor runs a kernel.</summary>
    public static bool IsSupported(KernelKind kernel) => kernel switch
    {
        KernelKind.Avx512 => Avx512Kernel.IsSupported,
        KernelKind.Avx2 => Avx2Kernel.IsSupported,
        KernelKind.Vector128 => Vector128Kernel.IsSupported,
        _ => ScalarKernel.IsSupported,
    };

    /// <summary>The fastest kernel of this processor.</summary>
    public static KernelKind BestKernel() =>
        Avx512Kernel.IsSupported ? KernelKind.Avx512
        : Avx2Kernel.IsSupported ? KernelKind.Avx2
        : Vector128Kernel.IsSupported ? KernelKind.Vector128
        : KernelKind.Scalar;

    private static TextSplitter Create<TKernel>(SplitRules rules, BytePairVocabulary vocabulary)
        where TKernel : struct, IBlockKernel
    {
        var cache = new PieceCache(TKernel.ReadsWholeWords);
        cache.Seed(vocabulary.Merges, SeededTokens, vocabulary.HasAllBytes);
        return rules switch
        {
            { SplitsAtCase: true, AnyLetterPrefix: true, NewlinesEndRuns: true } => new TextSplitter<TKernel, CasedWords>(rules, vocabulary, cache),
            { SplitsAtCase: false, AnyLetterPrefix: true, NewlinesEndRuns: true } => new TextSplitter<TKernel, PlainWords>(rules, vocabulary, cache),
            { SplitsAtCase: false, AnyLetterPrefix: false, NewlinesEndRuns: false } => new TextSplitter<TKernel, SpacedWords>(rules, vocabulary, cache),
            _ => throw new NotSupportedException($"No family of splitting expressions has these rules: {rules}."),
        };
    }
}

/// <inheritdoc/>
internal sealed unsafe class TextSplitter<TKernel, TFamily>(SplitRules rules, BytePairVocabulary vocabulary, PieceCache cache) : TextSplitter
    where TKernel : struct, IBlockKernel
    where TFamily : struct, IWordFamily
{
    private readonly IdCache _ids = new(TKernel.ReadsWholeWords);
    private int _idsSeeded;

    public override int Count(byte* text, int length, bool final, int start, ref long total, long limit)
    {
        var sink = new CountingSink<TKernel>(cache, vocabulary, limit - total);
        int end = BlockSplitter<TKernel, TFamily>.Split(text, length, final, start, rules, ref sink);
        total += sink.Total;
        return end;
    }

    public override int Encode(byte* text, int length, bool final, int start, ref TokenSink tokens)
    {
        if (_idsSeeded == 0)
        {
            SeedIds();
        }

        var sink = new EncodingSink<TKernel>(cache.LengthMasks, _ids, vocabulary, tokens);
        int end = BlockSplitter<TKernel, TFamily>.Split(text, length, final, start, rules, ref sink);
        tokens = sink.Tokens;
        return end;
    }

    // Most callers only count, so not before somebody encodes; others who come meanwhile do without.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SeedIds()
    {
        if (Interlocked.Exchange(ref _idsSeeded, 1) == 0)
        {
            _ids.Seed(vocabulary.Definition, SeededTokens);
        }
    }

    public override void EncodePiece(ReadOnlySpan<byte> piece, ref TokenSink sink) => vocabulary.Encode<TKernel>(piece, ref sink);

    public override int Boundaries(byte* piece, int length, uint* tokens, int* starts) => vocabulary.Boundaries<TKernel>(piece, length, tokens, starts);

    public override bool MayFollow(uint left, uint right) => vocabulary.MayFollow<TKernel>(left, right);
}
