using BenchmarkDotNet.Attributes;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>How fast is the sensitive-data scan, and does it allocate? A million characters a call, so that MB/s is 2,000 over the milliseconds.</summary>
[MemoryDiagnoser]
public class SensitiveScan
{
    private string _text = string.Empty;

    /// <summary>The text.</summary>
    [ParamsSource(nameof(Kinds))]
    public string Kind { get; set; } = string.Empty;

    /// <summary>All texts.</summary>
    public static IEnumerable<string> Kinds => ScanTexts.Names;

    [GlobalSetup]
    public void Setup() => _text = ScanTexts.Make(Kind);

    [Benchmark]
    public SensitiveData Scan() => SensitiveDataScanner.Scan(_text);
}
