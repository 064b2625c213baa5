using System.Text;
using CsCheck;
using Ensemble.Tokenization.Counting;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;
using Ensemble.Tokenization.Tables;
using Ensemble.Tokenization.Tests.Texts;

namespace Ensemble.Tokenization.Tests;

/// <summary>Every kernel splits, counts and encodes as the scanner does, for every family of rules.</summary>
[TestFixtureSource(nameof(Fixtures))]
internal sealed class KernelLawTests
{
    private static readonly BytePairVocabulary Vocabulary = new(EmbeddedVocabulary.Open(EmbeddedVocabulary.O200kBase));

    private readonly PieceCounter _counter;
    private readonly SplitRules _rules;

    public KernelLawTests(KernelKind kernel, string rules)
    {
        Assume.That(TextSplitter.IsSupported(kernel), $"This processor does not run {kernel}.");
        _rules = RulesOf(rules);
        _counter = new PieceCounter(Vocabulary, _rules, kernel);
    }

    [Test]
    public void Count_RandomText_IsThatOfTheScanner() => TextGen.Any.Sample(text => CountsAlike(text), iter: 100);

    // What a block tells the next is seldom met by chance: each three of these where two blocks meet.
    [Test]
    public void Encode_FewCharactersAcrossTheEdgeOfABlock_IsThatOfTheScanner()
    {
        string[] all = ["\n", " ", "\u3000", "\u00A0", "!", "/", "\u0301", "a", "B", "한", "😀", "1", "'", "s"];
        int[] ids = new int[256];
        for (int tail = 0; tail < all.Length * all.Length * all.Length; tail++)
        {
            string three = all[tail % all.Length] + all[tail / all.Length % all.Length] + all[tail / all.Length / all.Length];
            for (int before = IBlockKernel.BlockLength - 7; before < IBlockKernel.BlockLength; before++)
            {
                string text = new string('x', before) + three + "\n";
                var sink = new TokenSink(ids);
                _counter.Encode(text, ref sink);
                if (!EncodesAlike(text, ids.AsSpan(0, (int)sink.Count)))
                {
                    Assert.Fail($"{before} and {Uri.EscapeDataString(three)}");
                }
            }
        }
    }

    [Test]
    public void Count_TextAcrossWindows_IsThatOfTheScanner() =>
        Gen.Select(Gen.Int[0, 70], TextGen.Long.Array[20, 30]).Sample(
            (padding, texts) => CountsAlike(new string('x', padding) + string.Concat(texts)), iter: 5);

    [Test]
    public void Count_WindowsCutAnywhere_IsThatOfTheScanner() =>
        Gen.Select(TextGen.Any, TextGen.Any, Gen.Int[16_000, 16_500]).Sample(
            (before, after, length) => CountsAlike(string.Concat(Enumerable.Repeat(before + " ", (length / (before.Length + 1)) + 1))[..length] + after), iter: 12);

    [Test]
    public void Count_SharedTexts_IsThatOfTheScanner([Values("en.txt", "json.txt", "ko.txt", "adv_zwj200k.txt", "edge_ws.txt", "edge_case.txt")] string name)
    {
        string text = Encoding.UTF8.GetString(ReferenceTexts.ReadShared(name));

        Assert.That(CountsAlike(text[..Math.Min(text.Length, 300_000)]), Is.True);
    }

    private static IEnumerable<TestFixtureData> Fixtures() =>
        from kernel in Enum.GetValues<KernelKind>()
        from rules in (string[])["O200k", "Cl100k", "Llama3", "Qwen2", "Gpt2", "Gpt2SingleDigits"]
        select new TestFixtureData(kernel, rules);

    private static SplitRules RulesOf(string name) => name switch
    {
        "O200k" => SplitRules.O200k,
        "Cl100k" => SplitRules.Cl100k,
        "Llama3" => SplitRules.Llama3,
        "Qwen2" => SplitRules.Qwen2,
        "Gpt2" => SplitRules.Gpt2,
        _ => SplitRules.Gpt2SingleDigits,
    };

    private int Scan(string text, Span<int> ids)
    {
        var sink = new TokenSink(ids);
        for (int start = 0; start < text.Length;)
        {
            int end = PieceScanner.FindEnd(new Utf16Text(text), start, _rules);
            _counter.EncodePiece(text.AsSpan(start, end - start), ref sink);
            start = end;
        }

        return (int)sink.Count;
    }

    private bool EncodesAlike(string text, ReadOnlySpan<int> ids)
    {
        Span<int> expected = stackalloc int[256];
        return expected[..Scan(text, expected)].SequenceEqual(ids);
    }

    private bool CountsAlike(string text)
    {
        int[] expected = new int[3 * text.Length];
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        int tokens = Scan(text, expected);
        return _counter.Count(text, long.MaxValue) == tokens
            && _counter.Count(utf8, long.MaxValue) == tokens
            && EncodesAlike(utf8, expected.AsSpan(0, tokens), tokens)
            && EncodesAlike(utf8, expected.AsSpan(0, tokens), tokens / 2);
    }

    // With room for all ids, and for the first ones only.
    private bool EncodesAlike(byte[] utf8, ReadOnlySpan<int> expected, int room)
    {
        int[] ids = new int[room];
        var sink = new TokenSink(ids);
        _counter.Encode(utf8, ref sink);
        return sink.Count == expected.Length && expected[..room].SequenceEqual(ids);
    }
}
