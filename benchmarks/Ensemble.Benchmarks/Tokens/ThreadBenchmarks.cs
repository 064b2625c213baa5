using BenchmarkDotNet.Attributes;
using Ensemble.Tokenization;

namespace Ensemble.Benchmarks.Tokens;

/// <summary>One encoding shared by threads: the time for the same text per thread should not grow.</summary>
[InProcess]
[WarmupCount(4)]
[IterationCount(6)]
public class ThreadBenchmarks
{
    private string _text = "";

    /// <summary>The threads that count at once.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(3);
        string[] words = [.. Enumerable.Range(0, 20_000).Select(_ => new string([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => (char)('a' + random.Next(26)))]))];
        _text = string.Join(' ', Enumerable.Range(0, 400_000).Select(_ => words[random.Next(words.Length)]));
    }

    [Benchmark]
    public void Count() => Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ => TokenEncoding.O200kBase.Count(_text));
}
