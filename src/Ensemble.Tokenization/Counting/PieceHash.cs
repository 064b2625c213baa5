using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ensemble.Tokenization.Counting;

/// <summary>A 112-bit hash of pieces longer than 15 bytes, seeded once by process so that nobody can prepare two pieces that collide.</summary>
/// <remarks>Multiplies 8 bytes by 8 and folds the 128-bit product, as wyhash does, in two lanes.</remarks>
internal static unsafe class PieceHash
{
    private static readonly ulong Seed0 = Seed("0");
    private static readonly ulong Seed1 = Seed("1");
    private static readonly ulong Seed2 = Seed("2");
    private static readonly ulong Seed3 = Seed("3");

    /// <summary>The cache key of a piece of at least 16 bytes.</summary>
    public static Vector128<byte> KeyOf(byte* piece, int length)
    {
        ulong a = Seed2;
        ulong b = Seed3 ^ (uint)length;
        for (int at = 0; at < length - 16; at += 16)
        {
            Mix(piece + at, ref a, ref b);
        }

        // The last 16 bytes overlap those before when the length is no multiple.
        Mix(piece + length - 16, ref a, ref b);
        ulong low = Fold(a ^ Seed1, b ^ Seed0);
        ulong high = Fold(low ^ Seed0 ^ b, a ^ Seed2);
        return Vector128.Create(low, (high >> 16) | (0xFFUL << 48)).AsByte();
    }

    /// <summary>A 64-bit hash of 16 bytes, seeded by the process.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong low, ulong high) => Fold(low ^ Seed0, high ^ Seed1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(byte* at, ref ulong a, ref ulong b)
    {
        ulong x = ((ulong*)at)[0];
        ulong y = ((ulong*)at)[1];
        a = Fold(x ^ Seed0, y ^ a);
        b = Fold(y ^ Seed1, x ^ b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong x, ulong y)
    {
        ulong high = Math.BigMul(x, y, out ulong low);
        return high ^ low;
    }

    // String hash codes are seeded by the process; this starts no cryptography library.
    private static ulong Seed(string name) =>
        ((ulong)(uint)("piece" + name).GetHashCode(StringComparison.Ordinal) << 32) | (uint)("seed" + name).GetHashCode(StringComparison.Ordinal);
}
