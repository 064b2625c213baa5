using System.Diagnostics;
using System.Text;

namespace Ensemble.Benchmarks.Tokens;

/// <summary>Times counters. A first pass is that of a fresh instance over text it has never seen, with all code compiled before.</summary>
internal static class Measurer
{
    public static TokenMeasurement Measure(
        CorpusFile file,
        string encoding,
        string counter,
        string input,
        int firstPasses,
        int passes,
        Func<Func<CorpusFile, long>> create)
    {
        var first = new double[firstPasses];
        var warm = new double[passes];
        Func<CorpusFile, long> count = create();
        long tokens = 0;
        long firstAllocated = 0;
        for (int i = 0; i < firstPasses; i++)
        {
            count = create();
            long before = GC.GetAllocatedBytesForCurrentThread();
            first[i] = Time(() => tokens = count(file));
            firstAllocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        long warmBefore = GC.GetAllocatedBytesForCurrentThread();
        double started = ThreadClock.Now();
        count(file);
        long warmAllocated = GC.GetAllocatedBytesForCurrentThread() - warmBefore;
        // Short texts are repeated, so that the clock has something to measure.
        int repeats = Math.Clamp((int)(0.005 / Math.Max(ThreadClock.Now() - started, 1e-7)), 1, 100_000);
        for (int i = 0; i < passes; i++)
        {
            warm[i] = Time(() =>
            {
                for (int repeat = 0; repeat < repeats; repeat++)
                {
                    count(file);
                }
            }) / repeats;
        }

        double megabytes = file.Utf8.Length / 1e6;
        return new TokenMeasurement(
            file.Name,
            encoding,
            counter,
            input,
            file.Utf8.Length,
            tokens,
            megabytes / Median(first),
            megabytes / warm.Min(),
            megabytes / Median(warm),
            firstAllocated,
            warmAllocated);
    }

    /// <summary>Has everything compiled to the last tier, on text of our own making.</summary>
    public static void WarmUp(Func<Func<CorpusFile, long>> create)
    {
        var random = new Random(1);
        string[] parts = ["lorem", " ipsum", "Dolor", "SIT", "'s", " 12", "345", "\n", "\n\n", "    ", ".", ", ", "한국어", " 日本", "é", "€", "😀", "\u0301", "\u00a0", "/", "xkcdq"];
        long until = Stopwatch.GetTimestamp() + (3 * Stopwatch.Frequency / 2);
        while (Stopwatch.GetTimestamp() < until)
        {
            var text = new StringBuilder();
            for (int i = 0; i < 20_000; i++)
            {
                text.Append(parts[random.Next(parts.Length)]).Append((char)('a' + random.Next(26)), random.Next(100) == 0 ? 300 : random.Next(3));
            }

            var file = new CorpusFile("warm-up", Encoding.UTF8.GetBytes(text.ToString()), text.ToString());
            Func<CorpusFile, long> count = create();
            count(file);
            count(file);
        }
    }

    /// <summary>The longest stretch without white space, or of white space, in UTF-16 units.</summary>
    public static int LongestRun(string text)
    {
        int longest = 0;
        int start = 0;
        for (int i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || char.IsWhiteSpace(text[i]) != char.IsWhiteSpace(text[i - 1]))
            {
                longest = Math.Max(longest, i - start);
                start = i;
            }
        }

        return longest;
    }

    private static double Time(Action action)
    {
        double started = ThreadClock.Now();
        action();
        return ThreadClock.Now() - started;
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
