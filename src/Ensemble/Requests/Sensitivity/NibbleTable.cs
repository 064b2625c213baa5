using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ensemble;

/// <summary>
/// Eight sets of characters that are asked for 32 characters at once: the low half of a character selects eight bits, the high half eight others, and
/// a character is of a set when both have its bit. A set whose members differ in both halves therefore holds some more than it names, so that what is
/// in none of the sets is certain, and the rest is to be looked at.
/// </summary>
internal readonly struct NibbleTable
{
    private readonly Vector256<byte> _low;
    private readonly Vector256<byte> _high;

    public NibbleTable(params ReadOnlySpan<string> sets)
    {
        Span<byte> low = stackalloc byte[32];
        Span<byte> high = stackalloc byte[32];
        low.Clear();
        high.Clear();
        for (int set = 0; set < sets.Length; set++)
        {
            foreach (char c in sets[set])
            {
                // Both halves of the vector hold the table, because it is asked in each half by itself.
                low[c & 15] |= (byte)(1 << set);
                low[16 + (c & 15)] |= (byte)(1 << set);
                high[c >> 4] |= (byte)(1 << set);
                high[16 + (c >> 4)] |= (byte)(1 << set);
            }
        }

        _low = Vector256.Create<byte>(low);
        _high = Vector256.Create<byte>(high);
    }

    /// <summary>Gets, for each of 32 characters, the sets that may hold it.</summary>
    /// <param name="values">The characters.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<byte> Of(Vector256<byte> values)
    {
        Vector256<byte> half = Vector256.Create((byte)15);
        return Ask(_low, values & half) & Ask(_high, Vector256.ShiftRightLogical(values.AsUInt16(), 4).AsByte() & half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Ask(Vector256<byte> table, Vector256<byte> at) =>
        Avx2.IsSupported ? Avx2.Shuffle(table, at) : Vector256.Create(Vector128.Shuffle(table.GetLower(), at.GetLower()), Vector128.Shuffle(table.GetUpper(), at.GetUpper()));
}
