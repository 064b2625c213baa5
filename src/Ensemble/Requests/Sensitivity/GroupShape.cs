using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ensemble;

/// <summary>
/// Tells by the lengths of groups of digits, 32 characters at once, that no number has such groups: texts full of digits would otherwise have each of
/// them read several times. What it cannot tell is read.
/// </summary>
internal static class GroupShape
{
    private const int Width = 32;

    /// <summary>Says whether no pattern has such groups.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The first digit of the first group.</param>
    /// <param name="inside">Whether only a card or a resident number can begin here.</param>
    /// <param name="plus">Whether a plus stands before it.</param>
    /// <param name="next">Where to go on, when all the groups together have too few digits for any number.</param>
    public static bool IsNone(ReadOnlySpan<char> text, int at, bool inside, bool plus, ref int next)
    {
        if (!Vector256.IsHardwareAccelerated || at > text.Length - Width)
        {
            return false;
        }

        Vector256<byte> values = Read(text.Slice(at, Width));
        ulong digits = Vector256.LessThan(values - Vector256.Create((byte)'0'), Vector256.Create((byte)10)).ExtractMostSignificantBits();
        ulong separators = Separators(values).ExtractMostSignificantBits();

        // Groups that one character parts; where two part them it cannot be told. In a window full of such groups there are more than are read at once.
        ulong parts = separators & (digits >> 1) & (digits << 1);
        int length = BitOperations.TrailingZeroCount(~(digits | parts));
        if (length > Width - 2)
        {
            length = Width - 2;
        }
        else if (((separators >> length) & (separators >> (length + 1)) & 1) != 0)
        {
            return false;
        }

        ulong all = (1UL << length) - 1;
        digits &= all;
        parts &= all;
        int groups = BitOperations.PopCount(parts) + 1;
        if (BitOperations.PopCount(digits) < NumberPatterns.FewestDigits && groups <= DigitGroups.MaxGroups)
        {
            next = at + length;
            return true;
        }

        if (BitOperations.PopCount(digits & 0x7FFF) < NumberPatterns.FewestDigits && ((digits >> 15) & 1) == 0)
        {
            // As many groups as are read at once, each of a single digit.
            next = at + 15;
            return true;
        }

        // Where one group is long, the reading may end before it.
        ulong eleven = digits & (digits >> 1);
        eleven &= eleven >> 2;
        eleven &= eleven >> 4;
        eleven &= eleven >> 3;
        if (plus || eleven != 0)
        {
            return false;
        }

        ulong ends = parts | (1UL << length);
        int first = BitOperations.TrailingZeroCount(ends);
        ends &= ends - 1;
        int end = BitOperations.TrailingZeroCount(ends);
        int second = groups > 1 ? end - first - 1 : 0;
        ends &= ends - 1;
        int third = groups > 2 ? BitOperations.TrailingZeroCount(ends) - end - 1 : 0;
        if (first > 6 || IsPrinted(first, second, third, groups))
        {
            return false;
        }

        return inside || !(text[at] == '0' ? MayBeNational(text, at, first, second, third, groups, digits, parts & Blanks(values).ExtractMostSignificantBits()) : MayBeGrouped(text[at], first, second, third));
    }

    // A card or a resident number.
    private static bool IsPrinted(int first, int second, int third, int groups) =>
        (first == 4 && ((second == 6 && third is 4 or 5) || (second == 4 && third == 4 && groups > 3))) || (first == 6 && second == 7);

    // Numbers of North America, of Korea from abroad, and Chinese mobile numbers.
    private static bool MayBeGrouped(char digit, int first, int second, int third) => first switch
    {
        1 => second == 3 && third == 3,
        2 => second == 2,
        3 => third == 4 && second == (digit == '1' ? 4 : 3),
        _ => false,
    };

    private static bool MayBeNational(ReadOnlySpan<char> text, int at, int first, int second, int third, int groups, ulong digits, ulong blanks)
    {
        if (text[at + 1] is '0' or (< '0' or > '9'))
        {
            return true;
        }

        if (first == 6 || second is < 3 or > 8)
        {
            return first == 2 && second == 2 && third == 2 && groups > 4;
        }

        // More than four groups are a number and others behind a blank; only mobile numbers of Korea may have blanks themselves.
        return groups <= 4 || (first == 3 && second <= 4 && third == 4) || BitOperations.PopCount(digits & (blanks ^ (blanks - 1))) >= NumberPatterns.FewestDigits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Read(ReadOnlySpan<char> text)
    {
        ref ushort first = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        return Vector256.NarrowWithSaturation(Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, (nuint)Vector256<ushort>.Count));
    }

    // What ends a number where another may follow.
    private static Vector256<byte> Blanks(Vector256<byte> values) =>
        Vector256.Equals(values, Vector256.Create((byte)' ')) | Vector256.Equals(values, Vector256.Create((byte)'\u00A0')) | Vector256.Equals(values, Vector256.Create((byte)'/'));

    // A blank, a hyphen, a dot, a slash, and parentheses.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Separators(Vector256<byte> values) =>
        Vector256.Equals(values, Vector256.Create((byte)' ')) | Vector256.Equals(values, Vector256.Create((byte)'\u00A0'))
        | Vector256.LessThan(values - Vector256.Create((byte)'-'), Vector256.Create((byte)3))
        | Vector256.LessThan(values - Vector256.Create((byte)'('), Vector256.Create((byte)2));
}
