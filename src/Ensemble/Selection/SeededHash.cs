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

    /// <summary>
    /// Makes an exponential time with rate 1 of a hash: −ln u of <see cref="ToUnit"/> to within 1e-8, never 0. The logarithm of the platform is several
    /// times slower and may differ in its last bit between machines; this one is the series of 2 artanh((m − 1) / (m + 1)) for a mantissa within
    /// 1/√2 and √2, where |(m − 1) / (m + 1)| is at most 0.172 and the first term left out is below 1e-9.
    /// </summary>
    public static double ToExponential(ulong hash)
    {
        const double Ln2 = 0.693147180559945309;
        const long SqrtHalf = 0x3FE6A09E667F3BCD;

        long bits = BitConverter.DoubleToInt64Bits(ToUnit(hash));
        long exponent = (bits - SqrtHalf) >> 52;
        double m = BitConverter.Int64BitsToDouble(bits - (exponent << 52));
        double s = (m - 1) / (m + 1);
        double q = s * s;
        double ln = s * (2 + (q * ((2.0 / 3) + (q * ((2.0 / 5) + (q * ((2.0 / 7) + (q * (2.0 / 9)))))))));
        return Math.Max(double.Epsilon, -((exponent * Ln2) + ln));
    }

    /// <summary>Bounds <see cref="ToExponential"/> from below without a logarithm: −ln u is at least 1 − u, less than the error of the series.</summary>
    public static double AtLeast(ulong hash) => 1 - ToUnit(hash) - 1e-7;
}
