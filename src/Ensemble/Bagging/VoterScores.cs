namespace Ensemble;

/// <summary>What one voter says about one text.</summary>
public sealed class VoterScores
{
    internal VoterScores(string voter, double[] logProbabilities, double[] centered, double[] calibrated)
    {
        Voter = voter;
        LogProbabilities = logProbabilities;
        Centered = centered;
        Calibrated = calibrated;
    }

    /// <summary>Gets the name of the voter.</summary>
    public string Voter { get; }

    /// <summary>Gets the log-probability of each label as the model gives it, scaled so that the labels' probabilities sum to 1.</summary>
    public IReadOnlyList<double> LogProbabilities { get; }

    /// <summary>Gets the same after the voter's habit was taken off, and nothing else.</summary>
    public IReadOnlyList<double> Centered { get; }

    /// <summary>Gets what the voter counts with: with its habit off and, where slope and bias were fitted (<see cref="BaggedVoter.Calibration"/>), with these applied.</summary>
    public IReadOnlyList<double> Calibrated { get; }
}
