namespace Ensemble;

/// <summary>Hashes that are the same in every process, so that a decision can be replayed.</summary>
internal static class SeededHash
{
    /// <summary>FNV-1a over UTF-16, http://www.isthe.com/chongo/tech/comp/fnv/.</summary>
    public static ulong Of(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash;
    }

    /// <summary>Mixes a hash with a seed: the finaliser of SplitMix64 (Steele, Lea, Flood 2014).</summary>
    public static ulong Mix(ulong hash, ulong seed)
    {
        ulong z = hash + (seed * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Makes a number in (0, 1] of a hash.</summary>
    public static double ToUnit(ulong hash) => ((hash >> 11) + 1) * (1.0 / (1UL << 53));
}
