namespace Ensemble;

/// <summary>What one voter says about one text.</summary>
public sealed class VoterScores
{
    internal VoterScores(string voter, double[] logProbabilities, double[] calibrated)
    {
        Voter = voter;
        LogProbabilities = logProbabilities;
        Calibrated = calibrated;
    }

    /// <summary>Gets the name of the voter.</summary>
    public string Voter { get; }

    /// <summary>Gets the log-probability of each label as the model gives it, scaled so that the labels' probabilities sum to 1.</summary>
    public IReadOnlyList<double> LogProbabilities { get; }

    /// <summary>Gets the same after the voter's habit was taken off.</summary>
    public IReadOnlyList<double> Calibrated { get; }
}
