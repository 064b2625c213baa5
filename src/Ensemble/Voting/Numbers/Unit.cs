namespace Ensemble;

/// <summary>What a number counts, as powers of base units, and how many of those one of it is.</summary>
internal sealed class Unit
{
    private readonly (string Name, int Power)[] _parts;

    // What is counted or measured: the rice of 5 cups of rice.
    private readonly string _of;

    private Unit((string Name, int Power)[] parts, ExactNumber factor, ExactNumber offset, string of = "")
    {
        _parts = parts;
        _of = of;
        Factor = factor;
        Offset = offset;
    }

    public static Unit None { get; } = new([], ExactNumber.One, ExactNumber.Zero);

    /// <summary>Gets how many base units one of it is.</summary>
    public ExactNumber Factor { get; }

    /// <summary>Gets what is added after that: degrees do not begin at the same zero.</summary>
    public ExactNumber Offset { get; }

    public bool IsNone => _parts.Length == 0 && _of.Length == 0;

    public static Unit Named(string name) => new([(name, 1)], ExactNumber.One, ExactNumber.Zero);

    public static Unit Scaled(ExactNumber factor) => new([], factor, ExactNumber.Zero);

    public static Unit Of(string name, ExactNumber factor, ExactNumber offset = default, int power = 1) => new([(name, power)], factor, offset.Or(ExactNumber.Zero));

    /// <summary>Multiplies with a power of another unit; <see langword="null"/> when the factor is out of range.</summary>
    public Unit? Times(Unit other, int power)
    {
        if (Math.Abs(power) > 9 || ExactNumber.Power(other.Factor, ExactNumber.Of(power)) is not { } factor)
        {
            return null;
        }

        Dictionary<string, int> parts = _parts.ToDictionary(part => part.Name, part => part.Power, StringComparer.Ordinal);
        foreach ((string name, int own) in other._parts)
        {
            parts[name] = parts.GetValueOrDefault(name) + (own * power);
        }

        // Only a temperature by itself has a zero of its own.
        ExactNumber offset = IsNone && power == 1 ? other.Offset : ExactNumber.Zero;
        return new([.. parts.Where(part => part.Value != 0).OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => (part.Key, part.Value))], Factor * factor, offset);
    }

    public Unit WithFactor(ExactNumber factor) => new(_parts, factor, Offset, _of);

    /// <summary>Returns the unit of something; an unknown name is then one of several words, and those have no case.</summary>
    public Unit Counting(string thing, bool isKnown) => new(isKnown ? _parts : [.. _parts.Select(part => (part.Name.ToLowerInvariant(), part.Power))], Factor, Offset, thing);

    public bool HasDimensionOf(Unit other) => _of == other._of && _parts.AsSpan().SequenceEqual(other._parts);

    public ExactNumber ToBase(ExactNumber number) => (number * Factor) + Offset;

    /// <summary>Writes the base units: <c>m/s^2</c>.</summary>
    public override string ToString()
    {
        bool above = Array.Exists(_parts, part => part.Power > 0);
        string text = string.Join('·', _parts.Where(part => part.Power > 0 || !above).Select(part => Power(part.Name, part.Power)));
        text = above ? text + string.Concat(_parts.Where(part => part.Power < 0).Select(part => "/" + Power(part.Name, -part.Power))) : text;
        return _of.Length == 0 ? text : text.Length == 0 ? _of : $"{text} {_of}";
    }

    private static string Power(string name, int power) => power == 1 ? name : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}^{power}");
}
