namespace Ensemble;

/// <summary>Names as bits, so that nearly every name that is not in a list is told by one instruction: a Bloom filter with one hash.</summary>
internal static class NameBits
{
    /// <summary>Gets the bit of a name, without regard to case.</summary>
    public static ulong Of(string name) => 1UL << (int)(SeededHash.Mix(SeededHash.Of(name.ToUpperInvariant()), 0) & 63);

    /// <summary>Gets the bits of all names.</summary>
    public static ulong Of(IEnumerable<string> names) => names.Aggregate(0UL, (bits, name) => bits | Of(name));
}
