using System.Globalization;
using System.Numerics;
using CsCheck;

namespace Ensemble.Tests;

/// <summary>Laws of reading numbers: no two different ones are ever one choice, however they are written; the same one is, or it is no ballot.</summary>
public class NumberLawTests
{
    private static readonly Gen<Written> Whole = Gen.Select(Gen.OneOf(Gen.Int[0, 99], Gen.Int[0, 99_999], Gen.Int[0, 2_000_000_000]), Gen.Bool, Gen.Int[0, 13])
        .Select((size, negative, way) => Write(size, negative && size > 0, way));

    private static readonly Gen<Written> Decimal = Gen.Select(Gen.Int[1, 9_999_999], Gen.Int[1, 4], Gen.Int[0, 3]).Select((digits, places, way) =>
    {
        string whole = (digits / (int)Math.Pow(10, places)).ToString("#,0", CultureInfo.InvariantCulture);
        string part = (digits % (int)Math.Pow(10, places)).ToString(CultureInfo.InvariantCulture).PadLeft(places, '0');
        (string text, bool mayBeNone) = way switch
        {
            0 => ($"{whole.Replace(",", "")}.{part}", false),
            1 => ($"{whole}.{part}", false),

            // 1,234 is a thousand.
            2 => (places == 3 && whole.Length <= 3 && whole != "0" ? $"{whole}.{part}" : $"{whole.Replace(",", "")},{part}", false),
            _ => (whole.Contains(',') ? $"{whole.Replace(',', '.')},{part}" : $"{whole}.{part}", false),
        };
        return new Written(new BigInteger(digits), BigInteger.Pow(10, places), text, mayBeNone);
    });

    private static readonly Gen<Written> Fraction = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[0, 3]).Select((above, below, way) => new Written(above, below, way switch
    {
        0 => $"{above}/{below}",
        1 => $@"\frac{{{above}}}{{{below}}}",
        2 => $@"\boxed{{\dfrac{{{above}}}{{{below}}}}}",
        _ => above > below && above % below != 0 ? $"{above / below} {above % below}/{below}" : $"{below}분의 {above}",
    }, false));

    private static readonly Gen<Written> Any = Gen.OneOf(Whole, Decimal, Fraction);

    [Test]
    public void DifferentNumbers_AreNeverOneChoice_AndTheSameOneIsOrIsNoBallot() => Gen.Select(Any, Any, Gen.Int[0, 4], Gen.Int[0, 4]).Sample((left, right, before, after) =>
    {
        (string? one, string? other) = (BallotNormalizer.Number.Read(Around(left.Text, before)), BallotNormalizer.Number.Read(Around(right.Text, after)));
        bool same = left.Above * right.Below == right.Above * left.Below;
        return one is null || other is null || same == (one == other);
    }, iter: 800);

    [Test]
    public void NumberInASupportedSpelling_IsItsValue() => Gen.Select(Any, Gen.Int[0, 4]).Sample((number, around) =>
        BallotNormalizer.Number.Read(Around(number.Text, around)) is { } read ? IsValue(read, number) : number.MayBeNone, iter: 800);

    [Test]
    public void DifferentQuantities_AreNeverOneChoice() => Gen.Select(Gen.Int[1, 5000], Gen.Int[0, Metres.Length - 1], Gen.Int[1, 5000], Gen.Int[0, Metres.Length - 1]).Sample((a, i, b, j) =>
    {
        (string name, int millimetres, string kind) = Metres[i];
        (string otherName, int otherMillimetres, string otherKind) = Metres[j];
        bool same = kind == otherKind && (long)a * millimetres == (long)b * otherMillimetres;
        return same == (BallotNormalizer.Quantity.Read($"{a} {name}") == BallotNormalizer.Quantity.Read($"{b}{otherName}"));
    }, iter: 500);

    // Digits, separators, signs and units at random. Where plain rules say what a text is, a slow reader that shares no code has to agree.
    [Test]
    public void AnyText_IsReadWithoutACrash_AndAsASlowReaderReadsIt()
    {
        string[] pieces =
        [
            "1", "2", "5", "0", "12", "345", "000", ".", ",", " ", " ", "'", "_", "-", "+", "−", "–", "/", "^", "*", "e", "%", "$", "€", "½", "²", "(", ")", "{", "}", @"\frac{", @"\boxed{", @"\sqrt{", @"\pi", "x",
            "만", "억", "천", "십", "조", "원", "km", "m", "h", "or ", "not ", "answer is ", "=", "!", "~", "\n", "0x", "분의 ", "\u00a0", "\ud800", "입니다",
        ];
        Gen.Int[0, pieces.Length - 1].Array[1, 9].Select(picks => string.Concat(picks.Select(i => pieces[i]))).Sample(text =>
        {
            string? number = BallotNormalizer.Number.Read(text);
            string? quantity = BallotNormalizer.Quantity.Read(text);
            return (number is null || BallotNormalizer.Number.Read(number) == number) && (quantity is null || BallotNormalizer.Quantity.Read(quantity) == quantity)
                && (number is null || SlowReader.Read(text) is not { } expected || expected == number);
        }, iter: 6000);
    }

    private static readonly (string Name, int Millimetres, string Kind)[] Metres =
    [
        ("mm", 1, "length"), ("cm", 10, "length"), ("m", 1000, "length"), ("meters", 1000, "length"), ("km", 1_000_000, "length"), ("km/s", 1_000_000, "speed"), ("m/s", 1000, "speed"), ("m²", 1000, "area"),
        ("m^2", 1000, "area"), ("s", 1000, "time"), ("ms", 1, "time"), ("원", 1, "money"), ("won", 1, "money"), ("€", 1, "euro"), ("apples", 1, "apples"), ("apple", 1, "apples"), ("", 1, "none"),
    ];

    private static Written Write(int size, bool negative, int way)
    {
        string plain = size.ToString(CultureInfo.InvariantCulture);
        string grouped = size.ToString("#,0", CultureInfo.InvariantCulture);
        string text = way switch
        {
            0 => grouped,
            1 => grouped.Replace(',', ' '),
            2 => grouped.Replace(',', '\u202f'),
            3 => grouped.Replace(',', '\''),
            4 => grouped.Replace(',', '_'),
            5 => $"{plain}.0",
            6 => $"{plain}e0",
            7 => $"{grouped.Replace(",", "{,}")}",
            8 => string.Concat(plain.Select(c => (char)(c - '0' + '０'))),
            9 when size >= 10_000 => Korean(size, ""),
            10 when size >= 10_000 => Korean(size, " "),
            11 when size > 0 && size % 1000 == 0 => $"{size / 1000} thousand",
            12 when size > 0 && size % 1000 == 0 => $"{size / 1000}k",
            13 => $"{plain} m",
            _ => plain,
        };
        string sign = !negative ? "" : way % 3 == 0 ? "−" : way % 3 == 1 ? "-" : "minus ";
        return new Written(negative ? -size : size, 1, sign + text, way is 9 or 10);
    }

    private static string Korean(int size, string space)
    {
        List<string> parts = [];
        (int[] units, string[] names) = ([100_000_000, 10_000, 1], ["억", "만", ""]);
        for (int i = 0; i < units.Length; i++)
        {
            int part = size / units[i];
            size %= units[i];
            if (part > 0)
            {
                parts.Add(part.ToString(CultureInfo.InvariantCulture) + names[i]);
            }
        }

        return string.Join(space, parts);
    }

    private static string Around(string text, int way) => text.Contains("boxed") ? $"So {text}." : way switch
    {
        0 => text,
        1 => $"The answer is {text}.",
        2 => $"정답은 {text}입니다",
        3 => $"**{text}**",
        _ => $"We get x = {text}",
    };

    private static bool IsValue(string read, Written number)
    {
        string[] halves = read.Split('/');
        string[] digits = halves[0].Split('.');
        BigInteger above = BigInteger.Parse(string.Concat(digits), CultureInfo.InvariantCulture);
        BigInteger below = halves.Length > 1 ? BigInteger.Parse(halves[1], CultureInfo.InvariantCulture) : digits.Length > 1 ? BigInteger.Pow(10, digits[1].Length) : 1;
        return above * number.Below == number.Above * below;
    }

    private sealed record Written(BigInteger Above, BigInteger Below, string Text, bool MayBeNone);

    /// <summary>Knows texts that are one number without units: a sign, digits, groups of three, a decimal part. Anything else is not its business.</summary>
    private static class SlowReader
    {
        public static string? Read(string text)
        {
            string plain = text.Trim(' ', '\u00a0', '\n').Replace('−', '-');
            bool negative = plain.StartsWith('-');
            string digits = plain.TrimStart('-', '+');
            if (plain.Length - digits.Length > 1 || digits.Length == 0 || !digits.All(c => char.IsAsciiDigit(c) || c is '.' or ',' || c == ' '))
            {
                return null;
            }

            foreach ((char group, char point) in new[] { (',', '.'), ('.', ','), (' ', '.'), (' ', ',') })
            {
                string[] halves = digits.Split(point);
                string[] groups = halves[0].Split(group);
                bool isGrouped = groups.Length > 1 && groups[0].Length is 1 or 2 or 3 && groups[0][0] != '0' && groups.Skip(1).All(part => part.Length == 3 && part.All(char.IsAsciiDigit));
                bool isOne = halves.Length <= 2 && (groups.Length == 1 || isGrouped) && halves[0].Length > 0 && char.IsAsciiDigit(halves[0][^1]) && halves.Skip(1).All(part => part.Length > 0 && part.All(char.IsAsciiDigit));
                bool ambiguous = group == '.' && groups.Length == 2 && halves.Length == 1;
                if (isOne && groups.All(part => part.All(char.IsAsciiDigit)) && !ambiguous)
                {
                    string whole = string.Concat(groups).TrimStart('0').PadLeft(1, '0');
                    string part = halves.Length == 2 ? halves[1].TrimEnd('0') : "";
                    string number = part.Length == 0 ? whole : $"{whole}.{part}";
                    return negative && number != "0" ? $"-{number}" : number;
                }
            }

            return null;
        }
    }
}
