using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ensemble;

/// <summary>
/// Finds the places of a text where something may begin, some dozens of characters at once and by what stands around each: texts that are full of anchors, and
/// hold nothing, would otherwise take a look, and a wrong guess of the processor, at each of them. All that it leaves out is certain to be nothing;
/// what it finds is looked at as if there were no search, so that the verdict does not depend on it.
/// </summary>
internal static class ScanStops
{
    /// <summary>The characters that one search covers.</summary>
    public const int Covered = 64 + Lead - Before - Behind;

    /// <summary>The characters before them that are looked at.</summary>
    public const int Before = 8;

    /// <summary>The characters from the first covered one on that the text must have.</summary>
    public const int Needed = Covered + Behind;

    // Before the first of the 64 characters of which each has its bit.
    private const int Lead = 2;

    // A card in four groups and what follows it; or eight digits, each with a separator, and a run of seven.
    private const int Behind = 22;

    private static readonly NibbleTable Classes = new("0123456789", " -./()\u00A0", "ABCDEFGHIJKLMNOabcdefghijklmno", "PQRSTUVWXYZpqrstuvwxyz", "_", ",", "\t", "+");

    private static readonly NibbleTable Others = new("MNO", "\"%'+-", "0", "1", "8", "234569", "568");

    // What stands before a hyphen or an underscore that ends the prefix of a key: the last character, and the one before it.
    private static readonly NibbleTable LastOfPrefix = new("prsouf", "baprs", "kt", "pi", "rb", "xmX", "c");
    private static readonly NibbleTable BeforeLastOfPrefix = new("h", "x", "sra", "poa", "ku", "lpP", "e");

    // The same before an equals sign: of Key, sig, Password and Pwd, and blanks behind them.
    private static readonly NibbleTable LastOfSetting = new("yY", "gG", "dD", " ");
    private static readonly NibbleTable BeforeLastOfSetting = new("eE", "iI", "rRwW", "yYgGdD ");

    /// <summary>Gets whether this machine has the instructions that make it worth while.</summary>
    public static bool IsSupported => Vector256.IsHardwareAccelerated;

    /// <summary>Finds the places where something may begin.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">The first place, with <see cref="Before"/> characters before it and <see cref="Needed"/> from it on.</param>
    /// <returns>A bit for each of <see cref="Covered"/> characters.</returns>
    public static ulong Find(ReadOnlySpan<char> text, int from)
    {
        ref ushort first = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text[(from - Before)..(from + Needed)]));
        Vector256<byte> low = Narrow(ref first, Lead);
        Vector256<byte> high = Narrow(ref first, Lead + 32);
        Vector256<byte> lowClasses = Classes.Of(low);
        Vector256<byte> highClasses = Classes.Of(high);
        Vector256<byte> lowOthers = Others.Of(low);
        Vector256<byte> highOthers = Others.Of(high);
        ulong digits = Set(lowClasses, highClasses, 0);
        ulong separators = Set(lowClasses, highClasses, 1);
        ulong letters = Set(lowClasses, highClasses, 2) | Set(lowClasses, highClasses, 3);
        ulong underscores = Set(lowClasses, highClasses, 4);
        ulong hyphens = Are(low, high, '-');
        ulong found = 0;
        if (digits != 0)
        {
            NumberStops numbers = new()
            {
                Digits = digits,
                Separators = separators,
                Letters = letters,
                Underscores = underscores,
                Commas = Set(lowClasses, highClasses, 5),
                Tabs = Set(lowClasses, highClasses, 6),
                Pluses = Set(lowClasses, highClasses, 7),
                Base64Firsts = Set(lowOthers, highOthers, 0),
                Zeros = Set(lowOthers, highOthers, 2),
                Ones = Set(lowOthers, highOthers, 3),
                Eights = Set(lowOthers, highOthers, 4),
                CardFirsts = Set(lowOthers, highOthers, 5),
                ServiceSeconds = Set(lowOthers, highOthers, 6),
                HyphensAndDots = hyphens | Are(low, high, '.'),
                Blanks = Are(low, high, ' '),
            };
            found = numbers.Find();
        }

        ulong words = letters | digits;
        ulong tokens = words | underscores | hyphens;
        ulong mails = Are(low, high, '@');
        if (mails != 0)
        {
            // Beyond ASCII an address may have letters, too.
            ulong beyond = Bits(low, high);
            mails &= ((words | underscores | beyond | Set(lowOthers, highOthers, 1)) << 1) & ((words | beyond) >> 1);
            found |= WithDomain(mails, words | beyond | hyphens, Are(low, high, '.'));
        }

        if (letters != 0)
        {
            // The prefix of a key is of letters up to its first hyphen or underscore; the addition carries from where letters begin inside a token to their end.
            ulong insides = letters + (letters & ((digits | hyphens | underscores) << 1));
            found |= Secrets(ref first, low, high, tokens, separators, ~(insides & (hyphens | underscores)));
        }

        found |= hyphens & (hyphens >> 1);
        return (found >> (Before - Lead)) & ((1UL << Covered) - 1);
    }

    private static ulong Secrets(ref ushort first, Vector256<byte> low, Vector256<byte> high, ulong tokens, ulong separators, ulong outsides)
    {
        // Nothing that a prefix tells has fewer than seven characters more.
        tokens &= tokens >> 1;
        tokens &= tokens >> 2;
        tokens &= tokens >> 3;
        Vector256<byte> lowLast = Narrow(ref first, Lead - 1);
        Vector256<byte> highLast = Narrow(ref first, Lead + 31);
        Vector256<byte> lowBeforeLast = Narrow(ref first, Lead - 2);
        Vector256<byte> highBeforeLast = Narrow(ref first, Lead + 30);
        ulong prefixes = Bits(Prefixes(low, lowLast, lowBeforeLast), Prefixes(high, highLast, highBeforeLast));
        ulong settings = Bits(Settings(low, lowLast, lowBeforeLast), Settings(high, highLast, highBeforeLast));
        ulong sendGrid = Are(low, high, 'S') & (Are(low, high, 'G') >> 1) & (separators >> 2) & (tokens >> 3);
        return (prefixes & outsides & (tokens >> 1)) | settings | sendGrid;
    }

    // Behind the first label stands a dot, and behind it at least two characters or one more dot.
    private static ulong WithDomain(ulong mails, ulong labels, ulong dots)
    {
        ulong found = 0;
        ulong second = dots & (labels >> 1) & ((labels | dots) >> 2);
        for (ulong rest = mails; rest != 0; rest &= rest - 1)
        {
            int label = BitOperations.TrailingZeroCount(rest) + 1;
            int end = label + BitOperations.TrailingZeroCount(~labels >> label);

            // What goes on beyond the window, and what is too near to its end, is looked at.
            found |= end >= 62 || ((second >> end) & 1) != 0 ? rest & (ulong)-(long)rest : 0;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Prefixes(Vector256<byte> values, Vector256<byte> last, Vector256<byte> beforeLast)
    {
        Vector256<byte> ends = Vector256.Equals(values, Vector256.Create((byte)'-')) | Vector256.Equals(values, Vector256.Create((byte)'_'));
        Vector256<byte> others = Vector256.Equals(LastOfPrefix.Of(last) & BeforeLastOfPrefix.Of(beforeLast), Vector256<byte>.Zero);
        Vector256<byte> web = Vector256.Equals(values, Vector256.Create((byte)'J')) & Vector256.Equals(last, Vector256.Create((byte)'y')) & Vector256.Equals(beforeLast, Vector256.Create((byte)'e'));
        Vector256<byte> amazon = (Vector256.Equals(values, Vector256.Create((byte)'K')) | Vector256.Equals(values, Vector256.Create((byte)'S'))) & Vector256.Equals(last, Vector256.Create((byte)'A'));
        Vector256<byte> google = Vector256.Equals(values, Vector256.Create((byte)'z')) & Vector256.Equals(last, Vector256.Create((byte)'I')) & Vector256.Equals(beforeLast, Vector256.Create((byte)'A'));
        return Vector256.AndNot(ends, others) | web | amazon | google;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Settings(Vector256<byte> values, Vector256<byte> last, Vector256<byte> beforeLast)
    {
        Vector256<byte> others = Vector256.Equals(LastOfSetting.Of(last) & BeforeLastOfSetting.Of(beforeLast), Vector256<byte>.Zero);
        Vector256<byte> google = Vector256.Equals(values, Vector256.Create((byte)'2')) & Vector256.Equals(last, Vector256.Create((byte)'a')) & Vector256.Equals(beforeLast, Vector256.Create((byte)'y'));
        return Vector256.AndNot(Vector256.Equals(values, Vector256.Create((byte)'=')), others) | google;
    }

    // 32 characters as bytes; all beyond Latin 1 are the last one of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Narrow(ref ushort first, nuint at) =>
        Vector256.NarrowWithSaturation(Vector256.LoadUnsafe(ref first, at), Vector256.LoadUnsafe(ref first, at + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Are(Vector256<byte> low, Vector256<byte> high, char c) =>
        Bits(Vector256.Equals(low, Vector256.Create((byte)c)), Vector256.Equals(high, Vector256.Create((byte)c)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Set(Vector256<byte> low, Vector256<byte> high, int set) => Bits(
        Vector256.ShiftLeft(low.AsUInt16(), 7 - set).AsByte(), Vector256.ShiftLeft(high.AsUInt16(), 7 - set).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector256<byte> low, Vector256<byte> high) => low.ExtractMostSignificantBits() | ((ulong)high.ExtractMostSignificantBits() << 32);
}
