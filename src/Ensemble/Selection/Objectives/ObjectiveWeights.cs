namespace Ensemble;

/// <summary>
/// What is given up for what: a weight of 1 makes one cent, one certain error, ten seconds and one watt-hour worth the same. The
/// scales are fixed, so that the score of a model does not depend on the others. Defaults are 0.
/// </summary>
public sealed record ObjectiveWeights
{
    private readonly double _cost;
    private readonly double _quality;
    private readonly double _time;
    private readonly double _energy;

    /// <summary>Gets the weight of each US cent of the expected price.</summary>
    public double Cost
    {
        get => _cost;
        init => _cost = Check(value, nameof(Cost));
    }

    /// <summary>Gets the weight of the share of answers that is wrong.</summary>
    public double Quality
    {
        get => _quality;
        init => _quality = Check(value, nameof(Quality));
    }

    /// <summary>Gets the weight of each ten seconds to the end of the answer.</summary>
    public double Time
    {
        get => _time;
        init => _time = Check(value, nameof(Time));
    }

    /// <summary>Gets the weight of each watt-hour, by the upper end of its range.</summary>
    public double Energy
    {
        get => _energy;
        init => _energy = Check(value, nameof(Energy));
    }

    private static double Check(double value, string name) => double.IsFinite(value) && value >= 0
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A weight is a finite number of 0 or more.");
}
