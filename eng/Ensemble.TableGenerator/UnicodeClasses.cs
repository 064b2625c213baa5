using System.Globalization;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.TableGenerator;

/// <summary>Writes the class of every code point from the runtime's Unicode data, after making sure of its version.</summary>
internal static class UnicodeClasses
{
    public static byte[] Generate()
    {
        RequireUnicode16();
        var basic = new byte[CharClasses.BasicPlane];
        for (int unit = 0; unit < basic.Length; unit++)
        {
            basic[unit] = (byte)Classify(unit);
        }

        var numbers = new byte[CharClasses.BlockCount];
        var blocks = new List<byte[]>();
        for (int block = 0; block < numbers.Length; block++)
        {
            int first = CharClasses.BasicPlane + (block * CharClasses.BlockSize);
            byte[] classes = [.. Enumerable.Range(first, CharClasses.BlockSize).Select(codePoint => (byte)Classify(codePoint))];
            int known = blocks.FindIndex(other => other.AsSpan().SequenceEqual(classes));
            if (known < 0)
            {
                known = blocks.Count;
                blocks.Add(classes);
            }

            numbers[block] = checked((byte)known);
        }

        return [.. basic, .. numbers, .. blocks.SelectMany(block => block)];
    }

    private static CharClass Classify(int codePoint)
    {
        // \s is the White_Space property, a set that has been closed since Unicode 6.3.
        if (codePoint is '\r' or '\n')
        {
            return CharClass.White | CharClass.Newline;
        }

        if (codePoint is (>= 9 and <= 13) or 0x20 or 0x85 or 0xA0 or 0x1680 or (>= 0x2000 and <= 0x200A) or 0x2028 or 0x2029 or 0x202F or 0x205F or 0x3000)
        {
            return CharClass.White;
        }

        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharClass.Upper,
            UnicodeCategory.LowercaseLetter => CharClass.Lower,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharClass.Caseless,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharClass.Mark,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharClass.Number,
            _ => CharClass.Other,
        };
    }

    private static void RequireUnicode16()
    {
        // U+1C89 came with Unicode 16.0 and U+10940 with 17.0.
        bool atLeast16 = CharUnicodeInfo.GetUnicodeCategory(0x1C89) == UnicodeCategory.UppercaseLetter;
        bool atLeast17 = CharUnicodeInfo.GetUnicodeCategory(0x10940) != UnicodeCategory.OtherNotAssigned;
        if (!atLeast16 || atLeast17)
        {
            throw new PlatformNotSupportedException($"The tables are for Unicode {CharClasses.UnicodeVersion}; generate them with a runtime that has it (.NET 10).");
        }
    }
}
