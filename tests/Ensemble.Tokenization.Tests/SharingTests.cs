using System.Text;
using Ensemble.Tokenization.Counting;
using Ensemble.Tokenization.Kernels;
using Ensemble.Tokenization.Merging;
using Ensemble.Tokenization.Splitting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Tests;

/// <summary>Threads that share an encoding get what each would get alone, and no call allocates.</summary>
internal sealed class SharingTests
{
    private static readonly BytePairVocabulary Vocabulary = new(EmbeddedVocabulary.Open(EmbeddedVocabulary.O200kBase));

    [Test]
    public void Count_ManyThreads_IsThatOfOne([Values] KernelKind kernel)
    {
        Assume.That(TextSplitter.IsSupported(kernel), $"This processor does not run {kernel}.");
        // More distinct pieces than the cache holds, so that threads keep replacing what others read.
        string[] texts = [.. Enumerable.Range(0, 8).Select(seed => RandomWords(seed, 60_000))];
        long[] expected = [.. texts.Select(text => new PieceCounter(Vocabulary, SplitRules.O200k, kernel).Count(text, long.MaxValue))];
        var shared = new PieceCounter(Vocabulary, SplitRules.O200k, kernel);
        var counts = new long[4 * texts.Length];

        Parallel.For(0, counts.Length, i => counts[i] = shared.Count(texts[i % texts.Length], long.MaxValue));

        Assert.That(counts, Is.EqualTo(Enumerable.Range(0, counts.Length).Select(i => expected[i % texts.Length])));
    }

    [Test]
    public void Encode_ManyThreads_IsThatOfOne([Values] KernelKind kernel)
    {
        Assume.That(TextSplitter.IsSupported(kernel), $"This processor does not run {kernel}.");
        // Pieces of some, of many and of very many tokens, more than are remembered.
        byte[][] texts = [.. Enumerable.Range(0, 8).Select(seed => Encoding.UTF8.GetBytes(RandomWords(seed, 25_000, 9) + RandomWords(seed, 200, 60) + RandomWords(seed, 400, 500)))];
        int[][] expected = [.. texts.Select(text => Encode(new PieceCounter(Vocabulary, SplitRules.O200k, kernel), text))];
        var shared = new PieceCounter(Vocabulary, SplitRules.O200k, kernel);
        var encoded = new int[3 * texts.Length][];

        Parallel.For(0, encoded.Length, i => encoded[i] = Encode(shared, texts[i % texts.Length]));

        Assert.That(Enumerable.Range(0, encoded.Length).All(i => encoded[i].AsSpan().SequenceEqual(expected[i % texts.Length])), Is.True);
    }

    [Test]
    public void CountEncodeAndCut_ColdAndWarm_AllocateNothing([Values(10, 1_000, 50_000)] int words)
    {
        string text = RandomWords(99, words) + new string('a', 3_000) + " 한국어 \ud800 👩‍👩‍👧" + string.Concat(Enumerable.Repeat("한\ud800", 300)) + new string(' ', 100_000);
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var ids = new int[utf8.Length];
        TokenEncoding warmed = TokenEncoding.O200kBase.WithEmptyCache();
        UseAll(warmed, "first, so that everything is compiled", "first"u8, ids);
        TokenEncoding encoding = TokenEncoding.O200kBase.WithEmptyCache();
        var allocated = new long[2];

        for (int pass = 0; pass < allocated.Length; pass++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            UseAll(encoding, text, utf8, ids);
            allocated[pass] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.That(allocated, Is.All.Zero);
    }

    private static void UseAll(TokenEncoding encoding, ReadOnlySpan<char> text, ReadOnlySpan<byte> utf8, int[] ids)
    {
        encoding.Count(text);
        encoding.Count(utf8);
        encoding.FitsWithin(text, 5);
        encoding.FitsWithin(utf8, 5);
        encoding.TryEncode(text, ids, out _);
        encoding.TryEncode(utf8, ids, out _);
        for (TextEnd keep = TextEnd.Head; keep <= TextEnd.Tail; keep++)
        {
            encoding.IndexOfLimit(text, 5, keep);
            encoding.IndexOfLimit(utf8, 500, keep);
            encoding.IndexOfLimit(text, text.Length / 8, keep, TextUnit.Grapheme);
        }
    }

    private static int[] Encode(PieceCounter counter, byte[] text)
    {
        int[] ids = new int[text.Length];
        var sink = new TokenSink(ids);
        counter.Encode(text, ref sink);
        return ids[..(int)sink.Count];
    }

    private static string RandomWords(int seed, int count, int longest = 9)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            int length = random.Next(1, longest);
            for (int letter = 0; letter < length; letter++)
            {
                text.Append((char)('a' + random.Next(26)));
            }

            text.Append(random.Next(50) == 0 ? '\n' : ' ');
        }

        return text.ToString();
    }
}
