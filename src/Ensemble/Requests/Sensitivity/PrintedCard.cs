using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ensemble;

/// <summary>
/// Looks at sixteen digits as nearly all cards are written, at once or in four groups that the same character parts, without reading them into groups first:
/// most that look like a card are none, and the check digit shows it.
/// </summary>
internal static class PrintedCard
{
    /// <summary>The characters of four groups of four.</summary>
    public const int Length = 19;

    /// <summary>The characters of groups of four, six and five.</summary>
    public const int LengthOfFifteen = 17;

    private const int Digits = 16;

    // Every second digit counts double.
    private static readonly Vector128<byte> TwiceInGroups = Vector128.Create(255, 0, 255, 0, 0, 255, 0, 255, 0, 0, 255, 0, 255, 0, 0, (byte)255);

    private static readonly Vector128<byte> InGroups = Vector128.Create(255, 255, 255, 255, 0, 255, 255, 255, 255, 0, 255, 255, 255, 255, 0, (byte)255);

    private static readonly Vector128<byte> TwiceInRun = Vector128.Create(255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 255, (byte)0);

    /// <summary>Says whether four groups of four digits stand at an index, parted by the same character, and what the check digit says.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the first group begins.</param>
    /// <param name="isValid">Whether the check digit is right and an issuer has such numbers.</param>
    public static bool IsGrouped(ReadOnlySpan<char> text, int at, out bool isValid)
    {
        isValid = false;
        if (at > text.Length - Length)
        {
            return false;
        }

        ReadOnlySpan<char> card = text.Slice(at, Length);
        char parts = card[4];
        if (card[9] != parts || card[14] != parts || !IsSeparator(parts))
        {
            return false;
        }

        Vector128<byte> values = Read(card);
        (uint a, uint b, uint c) = (card[16] - (uint)'0', card[17] - (uint)'0', card[18] - (uint)'0');
        if (Vector128.GreaterThanAny(values & InGroups, Vector128.Create((byte)9)) || a > 9 || b > 9 || c > 9)
        {
            return false;
        }

        uint sum = Sum(Vector128.ConditionalSelect(TwiceInGroups, Twice(values), values) & InGroups) + a + Twice(b) + c;
        isValid = sum % 10 == 0 && PaymentCardPattern.IsIssued((Value(card, 0) * 1000) + (Value(card, 1) * 100) + (Value(card, 2) * 10) + Value(card, 3), Digits);
        return true;
    }

    /// <summary>Says whether the number of a card of fifteen digits stands at an index, its groups parted by the same character.</summary>
    public static bool IsFifteen(ReadOnlySpan<char> text, int at)
    {
        if (at > text.Length - LengthOfFifteen || text[at + 4] != text[at + 11])
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[15];
        for (int i = 0; i < digits.Length; i++)
        {
            uint digit = text[at + i + (i < 4 ? 0 : i < 10 ? 1 : 2)] - (uint)'0';
            if (digit > 9)
            {
                return false;
            }

            digits[i] = (byte)digit;
        }

        return PaymentCardPattern.Matches(digits, [4, 6, 5]);
    }

    /// <summary>Says whether sixteen digits without separators are the number of a card.</summary>
    public static bool IsRun(ReadOnlySpan<char> digits)
    {
        Vector128<byte> values = Read(digits[..Digits]);
        uint sum = Sum(Vector128.ConditionalSelect(TwiceInRun, Twice(values), values));
        return sum % 10 == 0 && PaymentCardPattern.IsIssued((Value(digits, 0) * 1000) + (Value(digits, 1) * 100) + (Value(digits, 2) * 10) + Value(digits, 3), Digits);
    }

    /// <summary>Says whether a character parts columns or words: what it parts is a number only when it stands alone, and is no row of a table.</summary>
    public static bool PartsColumns(char c) => c is ',' or '\t' or '_';

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsSeparator(char c) => c is ' ' or '-' or '.' or '/' or '\u00A0' || PartsColumns(c);

    // The values of sixteen characters; what is no digit is above 9.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Read(ReadOnlySpan<char> text)
    {
        ref ushort first = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        return Vector128.NarrowWithSaturation(Vector128.LoadUnsafe(ref first), Vector128.LoadUnsafe(ref first, (nuint)Vector128<ushort>.Count)) - Vector128.Create((byte)'0');
    }

    // Twice a digit, and of two digits the sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Twice(Vector128<byte> digits) => digits + digits - (Vector128.GreaterThan(digits, Vector128.Create((byte)4)) & Vector128.Create((byte)9));

    // At once where there is an instruction for it; the sum of sixteen digits is no more than a byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Sum(Vector128<byte> digits)
    {
        if (!Sse2.IsSupported)
        {
            return Vector128.Sum(digits);
        }

        Vector128<ushort> halves = Sse2.SumAbsoluteDifferences(digits, Vector128<byte>.Zero);
        return (uint)halves.GetElement(0) + halves.GetElement(4);
    }

    private static uint Twice(uint digit) => digit > 4 ? digit + digit - 9 : digit + digit;

    private static int Value(ReadOnlySpan<char> text, int at) => text[at] - '0';
}
