using System.Globalization;
using System.Numerics;

namespace Ensemble;

/// <summary>A number as a fraction in lowest terms, so that two ways to write one are the same choice and two different ones never are.</summary>
internal readonly struct ExactNumber
{
    // Longer ones are no answer to any question; without a limit 1e999999999 would take the memory.
    public const int MaximumDigits = 400;

    private readonly BigInteger _numerator;
    private readonly BigInteger _denominator;

    private ExactNumber(BigInteger numerator, BigInteger denominator)
    {
        BigInteger divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        _numerator = numerator / divisor * denominator.Sign;
        _denominator = BigInteger.Abs(denominator) / divisor;
    }

    public static ExactNumber Zero { get; } = new(BigInteger.Zero, BigInteger.One);

    public static ExactNumber One { get; } = new(BigInteger.One, BigInteger.One);

    /// <summary>Gets the nearest double; infinite beyond its range.</summary>
    public double Value
    {
        get
        {
            // Both halves must fit a double, or a small quotient of two long numbers would be 0 or no number.
            int excess = (int)Math.Max(0, Math.Min(_numerator.GetBitLength(), _denominator.GetBitLength()) - 900);
            return (double)(_numerator >> excess) / (double)(_denominator >> excess);
        }
    }

    /// <summary>Returns another number for one that was never set.</summary>
    public ExactNumber Or(ExactNumber other) => _denominator.IsZero ? other : this;

    /// <summary>Gets whether it is short enough to be read again once it is written.</summary>
    public bool IsShort => _numerator.GetBitLength() < MaximumDigits * 10L / 3 && _denominator.GetBitLength() < MaximumDigits * 10L / 3 && ToString().Length <= MaximumDigits;

    public bool IsWhole => _denominator.IsOne;

    public int Sign => _numerator.Sign;

    /// <summary>Reads digits with an optional sign, a point and an exponent; separators between groups are not known here.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ExactNumber number)
    {
        number = default;
        int exponent = 0;
        if (text.IndexOfAny('e', 'E') is >= 0 and var at)
        {
            if (!int.TryParse(text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            {
                return false;
            }

            text = text[..at];
        }

        bool negative = text.Length > 0 && text[0] is '-' or '−';
        BigInteger digits = BigInteger.Zero;
        int count = 0;
        int scale = -1;
        foreach (char c in text.TrimStart("+-−"))
        {
            if (char.IsAsciiDigit(c) && count++ < MaximumDigits)
            {
                digits = (digits * 10) + (c - '0');
                scale += scale >= 0 ? 1 : 0;
            }
            else if (c == '.' && scale < 0)
            {
                scale = 0;
            }
            else
            {
                return false;
            }
        }

        long shift = (long)exponent - Math.Max(0, scale);
        int significant = (int)Math.Ceiling(digits.GetBitLength() * 0.30103);
        if (count == 0 || Math.Abs(shift) >= MaximumDigits || significant + shift > MaximumDigits)
        {
            return false;
        }

        BigInteger power = BigInteger.Pow(10, (int)Math.Abs(shift));
        digits = negative ? -digits : digits;
        number = shift >= 0 ? new(digits * power, BigInteger.One) : new(digits, power);
        return true;
    }

    /// <summary>Rounds to the nearest whole number; a half goes up.</summary>
    public ExactNumber Rounded()
    {
        BigInteger twice = (_numerator * 2) + _denominator;
        BigInteger whole = BigInteger.DivRem(twice, _denominator * 2, out BigInteger rest);
        return Of(rest.Sign < 0 ? whole - 1 : whole);
    }

    public bool Equals(ExactNumber other) => _numerator == other._numerator && _denominator == other._denominator;

    public static ExactNumber operator +(ExactNumber left, ExactNumber right) =>
        new((left._numerator * right._denominator) + (right._numerator * left._denominator), left._denominator * right._denominator);

    public static ExactNumber operator *(ExactNumber left, ExactNumber right) => new(left._numerator * right._numerator, left._denominator * right._denominator);

    public static ExactNumber operator -(ExactNumber number) => new(-number._numerator, number._denominator);

    public static bool operator <(ExactNumber left, ExactNumber right) => left._numerator * right._denominator < right._numerator * left._denominator;

    public static bool operator >(ExactNumber left, ExactNumber right) => right < left;

    public static ExactNumber Of(BigInteger number) => new(number, BigInteger.One);

    public static ExactNumber Of(long numerator, long denominator) => new(numerator, denominator);

    public static ExactNumber PowerOfTen(int exponent) => new(BigInteger.Pow(10, exponent), BigInteger.One);

    /// <summary>Raises to a power; <see langword="null"/> when it is no whole one, the result is too long, or it divides by zero.</summary>
    public static ExactNumber? Power(ExactNumber number, ExactNumber exponent)
    {
        if (!exponent.IsWhole || BigInteger.Abs(exponent._numerator) > MaximumDigits * 4)
        {
            return null;
        }

        // Bits bound the length before the work is done.
        int times = (int)BigInteger.Abs(exponent._numerator);
        long bits = Math.Max(number._numerator.GetBitLength(), number._denominator.GetBitLength());
        if (bits * times > MaximumDigits * 4 || (exponent.Sign <= 0 && number._numerator.IsZero))
        {
            return null;
        }

        BigInteger above = BigInteger.Pow(number._numerator, times);
        BigInteger below = BigInteger.Pow(number._denominator, times);
        return exponent.Sign < 0 ? new(below, above) : new(above, below);
    }

    /// <summary>Divides; <see langword="null"/> by zero.</summary>
    public static ExactNumber? Divide(ExactNumber left, ExactNumber right) =>
        right._numerator.IsZero ? null : new(left._numerator * right._denominator, left._denominator * right._numerator);

    /// <summary>Writes a decimal where it ends, else the fraction: <c>0.75</c>, <c>1/3</c>.</summary>
    public override string ToString()
    {
        BigInteger rest = _denominator;
        int twos = Divisions(ref rest, 2);
        int fives = Divisions(ref rest, 5);
        if (!rest.IsOne)
        {
            return $"{_numerator.ToString(CultureInfo.InvariantCulture)}/{_denominator.ToString(CultureInfo.InvariantCulture)}";
        }

        int places = Math.Max(twos, fives);
        string digits = (BigInteger.Abs(_numerator) * BigInteger.Pow(10, places) / _denominator).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        string sign = _numerator.Sign < 0 ? "-" : "";
        return places == 0 ? sign + digits : $"{sign}{digits[..^places]}.{digits[^places..]}";
    }

    private static int Divisions(ref BigInteger number, int divisor)
    {
        int count = 0;
        while (BigInteger.Remainder(number, divisor).IsZero)
        {
            number /= divisor;
            count++;
        }

        return count;
    }
}
