using BenchmarkDotNet.Attributes;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>How fast is the sensitive-data scan? 1 MB of characters a call, so that MB/s is 1,000 over the milliseconds.</summary>
[MemoryDiagnoser]
public class SensitiveScan
{
    private string _text = string.Empty;

    /// <summary>Prose, code, rows of numbers, and the worst stops: digits in groups, and signs that begin patterns; an anchor of some pattern at every third character; and texts of nothing but near misses.</summary>
    [Params("prose", "korean", "code", "numbers", "worst", "anchors", "hyphens", "groups", "cards", "fives", "phones", "keys")]
    public string Kind { get; set; } = string.Empty;

    [GlobalSetup]
    public void Setup()
    {
        string unit = Kind switch
        {
            "prose" => "Most requests need less than the largest model. In 2024 a well-known service was said to cost $700,000 a day; a router that asks a small one first pays a third of it. ",
            "korean" => "대부분의 요청은 가장 큰 모델이 필요하지 않습니다. 2024년에 잘 알려진 서비스는 하루에 70만 달러가 든다고 했습니다. 작은 모델에 먼저 묻습니다. ",
            "code" => "    private static readonly int s_max_size = 4096; // see RFC-7230 section 3.2.6\n    if (user_id != 0 && items[i].Value >= 10) { return new_item.GetValue(\"key-name\"); }\n",
            "numbers" => "2026-11-25,12.5,1048576,0.00031,17\n2026-11-26,13.25,2097152,0.00029,18\n",
            "anchors" => "ab-ab_abJab1ab@abSabzabK",
            "hyphens" => "sk-",
            "groups" => "12 ",
            "cards" => "4111 1111 1111 1112 ",
            "fives" => "5555 ",
            "phones" => "010-12-34 ",
            "keys" => "sk-a@b@c-eyJ_AKIA ",
            _ => "4111 1111 1111 1112 sk-a@b@c-eyJ_AKIA 010-12-34 ",
        };
        _text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
    }

    [Benchmark]
    public SensitiveData Scan() => SensitiveDataScanner.Scan(_text);
}
