namespace Ensemble;

/// <summary>
/// How many tokens a model's provider reports for each that was expected. Shrunk by the weight of 500 tokens towards the ratio of all models
/// that count the same way, and this towards 1, so that one short prompt tells little; the last hundred prompts or so count.
/// </summary>
internal struct InputRatio
{
    private const double Shrinkage = 500;
    private const double Kept = 0.99;

    private double _reported;
    private double _expected;

    private readonly double Shrunk => (Shrinkage + _reported) / (Shrinkage + _expected);

    /// <summary>Returns the ratio: that of all who count the same way, times this one's own deviation from it.</summary>
    /// <param name="all">What all who count the same way have learned, this one included.</param>
    public readonly double Value(InputRatio all)
    {
        // Of one's own report alone there is no deviation: who has answered and who was never asked are then expected to take the same.
        double raw = all._expected > 0 ? all._reported / all._expected : 1;
        return all.Shrunk * (Shrinkage + (_reported / raw)) / (Shrinkage + _expected);
    }

    /// <summary>Adds what another has learned.</summary>
    public void Pool(InputRatio other)
    {
        _reported += other._reported;
        _expected += other._expected;
    }

    /// <summary>Learns from a report.</summary>
    /// <param name="reported">The tokens of the prompt that the provider reported.</param>
    /// <param name="expected">What was expected, without this ratio.</param>
    public void Add(double reported, double expected)
    {
        _reported = (_reported * Kept) + reported;
        _expected = (_expected * Kept) + expected;
    }
}
