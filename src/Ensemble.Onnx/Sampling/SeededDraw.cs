namespace Ensemble.Onnx;

/// <summary>Numbers in [0, 1) that depend on a seed and a position alone, so that a text can be repeated on any machine.</summary>
internal static class SeededDraw
{
    // SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    internal static double At(long seed, int position)
    {
        ulong z = (ulong)seed + (0x9E3779B97F4A7C15UL * (ulong)(position + 1L));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return (z >> 11) * (1.0 / (1UL << 53));
    }
}
