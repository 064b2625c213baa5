using BenchmarkDotNet.Attributes;
using Ensemble.Tokenization;
using Microsoft.ML.Tokenizers;

namespace Ensemble.Benchmarks.Tokens;

/// <summary>How long a count of a short text takes, which is most calls: a message, a field, a word.</summary>
[InProcess]
[WarmupCount(4)]
[IterationCount(6)]
[MemoryDiagnoser]
public class ShortTextBenchmarks
{
    private const string Text =
        "The quick brown fox jumps over the lazy dog, while 12 engineers review the budget: is it 3.5 or 4? They don't know yet. "
        + "Whoever counts the tokens first may tell the others, in English, en français oder auf Deutsch; nobody minds.";

    private static readonly TiktokenTokenizer Rival = TiktokenTokenizer.CreateForEncoding("o200k_base");

    /// <summary>The length of the text.</summary>
    [Params(10, 50, 200)]
    public int Characters { get; set; }

    [Benchmark]
    public long Ensemble() => TokenEncoding.O200kBase.Count(Text.AsSpan(0, Characters));

    [Benchmark(Baseline = true)]
    public int MicrosoftMLTokenizers() => Rival.CountTokens(Text.AsSpan(0, Characters));
}
