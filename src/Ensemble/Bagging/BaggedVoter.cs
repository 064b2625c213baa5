namespace Ensemble;

/// <summary>One voter of a bagged classifier: the model with its own examples before the text, and what it says on average.</summary>
public sealed class BaggedVoter
{
    private readonly double[] _center;

    internal BaggedVoter(string name, string prefix, double[] center, ChoiceCalibration? calibration = null)
    {
        _center = center;
        Calibration = calibration;
        Name = name;
        Prefix = prefix;
        Center = center;
    }

    /// <summary>Gets the name of the voter.</summary>
    public string Name { get; }

    /// <summary>Gets the part of the prompt that stays the same; the model keeps it between texts.</summary>
    public string Prefix { get; }

    /// <summary>Gets the mean log-probability of each label over the examples out of the voter's bag: its habit, which is taken off before the vote.</summary>
    public IReadOnlyList<double> Center { get; }

    /// <summary>Gets the slope and the bias that are applied after the habit was taken off; <see langword="null"/> when the voter is only centred.</summary>
    public ChoiceCalibration? Calibration { get; }

    internal double[] Centre(double[] row) => BaggingMath.Calibrate(row, _center);

    internal double[] Calibrate(double[] row)
    {
        double[] centred = Centre(row);
        return Calibration?.Apply(centred) ?? centred;
    }

    /// <summary>Returns what the voter says about one text: as it is, with its habit off, and fitted.</summary>
    internal VoterScores Read(double[] row)
    {
        double[] centred = Centre(row);
        return new VoterScores(Name, row, centred, Calibration?.Apply(centred) ?? centred);
    }
}
