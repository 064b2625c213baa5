using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Counting;

/// <summary>Splits UTF-8 and counts or encodes the pieces, with the kernel and the rules it was made for.</summary>
internal abstract unsafe class TextSplitter
{
    /// <summary>Bytes that must be readable, and be zero, after the end of a final text.</summary>
    public const int Padding = IBlockKernel.BlockLength + 16;

    /// <summary>Counts the pieces from <paramref name="start"/> on.</summary>
    /// <param name="text">Valid UTF-8, padded when final.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="final">Whether the text ends there; otherwise the last pieces, which more text might change, are left.</param>
    /// <param name="start">Where a piece starts.</param>
    /// <param name="total">Takes the count.</param>
    /// <param name="limit">The total above which counting stops.</param>
    /// <returns>Where the first uncounted piece starts.</returns>
    public abstract int Count(byte* text, int length, bool final, int start, ref long total, long limit);

    /// <summary>The splitter for some rules; the fastest kernel that this processor runs unless told.</summary>
    /// <exception cref="NotSupportedException">No family has these rules.</exception>
    public static TextSplitter Create(SplitRules rules, BytePairVocabulary vocabulary, PieceCache cache, KernelKind kernel) => kernel switch
    {
        KernelKind.Avx512 => Create<Avx512Kernel>(rules, vocabulary, cache),
        KernelKind.Avx2 => Create<Avx2Kernel>(rules, vocabulary, cache),
        KernelKind.Vector128 => Create<Vector128Kernel>(rules, vocabulary, cache),
        _ => Create<ScalarKernel>(rules, vocabulary, cache),
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

    private static TextSplitter Create<TKernel>(SplitRules rules, BytePairVocabulary vocabulary, PieceCache cache)
        where TKernel : struct, IBlockKernel =>
        rules switch
        {
            { SplitsAtCase: true, AnyLetterPrefix: true, NewlinesEndRuns: true } => new TextSplitter<TKernel, CasedWords>(rules, vocabulary, cache),
            { SplitsAtCase: false, AnyLetterPrefix: true, NewlinesEndRuns: true } => new TextSplitter<TKernel, PlainWords>(rules, vocabulary, cache),
            { SplitsAtCase: false, AnyLetterPrefix: false, NewlinesEndRuns: false } => new TextSplitter<TKernel, SpacedWords>(rules, vocabulary, cache),
            _ => throw new NotSupportedException($"No family of splitting expressions has these rules: {rules}."),
        };
}

/// <inheritdoc/>
internal sealed unsafe class TextSplitter<TKernel, TFamily>(SplitRules rules, BytePairVocabulary vocabulary, PieceCache cache) : TextSplitter
    where TKernel : struct, IBlockKernel
    where TFamily : struct, IWordFamily
{
    public override int Count(byte* text, int length, bool final, int start, ref long total, long limit)
    {
        var sink = new CountingSink<TKernel>(cache, vocabulary, limit - total);
        int end = BlockSplitter<TKernel, TFamily>.Split(text, length, final, start, rules, ref sink);
        total += sink.Total;
        return end;
    }
}
