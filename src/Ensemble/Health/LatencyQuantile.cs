using System.Numerics;

namespace Ensemble;

/// <summary>
/// Learns a quantile of durations in fixed memory: a histogram whose buckets grow by 2^(1/8), so an answer is at most 9.1 % above the true
/// one. Older durations lose half their weight each time a thousand new ones have come. Thread-safe without a lock; allocates nothing
/// after it was made.
/// </summary>
internal sealed class LatencyQuantile
{
    private const int PerOctave = 8;
    private const int Buckets = 26 * PerOctave;
    private const uint Half = 1000;

    // 100 µs; 26 octaves above it are 112 minutes.
    private const long Smallest = TimeSpan.TicksPerMillisecond / 10;

    private static readonly long[] Edges = [.. Enumerable.Range(0, Buckets).Select(bucket => (long)Math.Ceiling(Smallest * Math.Pow(2, (bucket + 1) / (double)PerOctave)))];

    private readonly int[] _counts = new int[Buckets];
    private int _added;

    public int Count
    {
        get
        {
            int total = 0;
            foreach (int count in _counts)
            {
                total += count;
            }

            return total;
        }
    }

    public void Add(TimeSpan duration)
    {
        _ = Interlocked.Increment(ref _counts[BucketOf(duration.Ticks)]);
        if ((uint)Interlocked.Increment(ref _added) % Half == 0)
        {
            HalveAll();
        }
    }

    /// <summary>Returns a duration that the given part of the durations did not exceed.</summary>
    /// <param name="quantile">Above 0 and at most 1.</param>
    /// <param name="minimum">How many durations must have been seen for an answer.</param>
    /// <param name="duration">The upper edge of the quantile's bucket.</param>
    public bool TryGet(double quantile, int minimum, out TimeSpan duration)
    {
        Span<int> counts = stackalloc int[Buckets];
        _counts.CopyTo(counts);
        int total = 0;
        foreach (int count in counts)
        {
            total += count;
        }

        if (total < Math.Max(1, minimum))
        {
            duration = default;
            return false;
        }

        long rank = Math.Max(1, (long)Math.Ceiling(quantile * total));
        int bucket = 0;
        for (long seen = counts[0]; seen < rank && bucket < Buckets - 1; seen += counts[bucket])
        {
            bucket++;
        }

        duration = new TimeSpan(UpperEdge(bucket));
        return true;
    }

    internal static long UpperEdge(int bucket) => Edges[bucket];

    private static int BucketOf(long ticks)
    {
        if (ticks <= Smallest)
        {
            return 0;
        }

        int octave = BitOperations.Log2((ulong)(ticks / Smallest));
        int bucket = Math.Min(octave * PerOctave, Buckets - 1);
        while (bucket < Buckets - 1 && UpperEdge(bucket) < ticks)
        {
            bucket++;
        }

        return bucket;
    }

    // What others add meanwhile stays.
    private void HalveAll()
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            int count = Volatile.Read(ref _counts[i]);
            if (count > 0)
            {
                _ = Interlocked.Add(ref _counts[i], (count / 2) - count);
            }
        }
    }
}
