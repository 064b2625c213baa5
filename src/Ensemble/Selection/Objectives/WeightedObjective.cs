using System.Globalization;

namespace Ensemble;

/// <summary>A weighted sum on absolute scales. What has a weight and is unknown does not qualify, except times, which are measured by asking.</summary>
internal sealed class WeightedObjective : Objective
{
    private const double UsdUnit = 0.01;
    private const double SecondsUnit = 10;

    private readonly ObjectiveWeights _weights;

    public WeightedObjective(ObjectiveWeights weights)
    {
        if (weights.Cost + weights.Quality + weights.Time + weights.Energy <= 0)
        {
            throw new ArgumentException("Every weight is 0; give at least one of Cost, Quality, Time and Energy.", nameof(weights));
        }

        _weights = weights;
    }

    public ObjectiveWeights Weights => _weights;

    internal override bool NeedsQuality => _weights.Quality > 0;

    internal override bool NeedsPrice => _weights.Cost > 0;

    internal override void Score(in SelectionQuestion question, Span<ConstraintRules> refusals, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            if (refusals[i] != ConstraintRules.None)
            {
                continue;
            }

            double score = 0;
            if (_weights.Cost > 0)
            {
                double usd = question.ExpectedUsd(i);
                refusals[i] |= double.IsNaN(usd) ? ConstraintRules.UnknownPrice : ConstraintRules.None;
                score += _weights.Cost * usd / UsdUnit;
            }

            if (_weights.Quality > 0)
            {
                double quality = question.Quality(i);
                refusals[i] |= double.IsNaN(quality) ? ConstraintRules.UnknownQuality : ConstraintRules.None;
                score += _weights.Quality * (1 - quality);
            }

            if (_weights.Time > 0 && question.SecondsToEnd(i) is var seconds && !double.IsNaN(seconds))
            {
                score += _weights.Time * seconds / SecondsUnit;
            }

            if (_weights.Energy > 0)
            {
                EnergyRange perToken = question.Candidates[i].Energy;
                score += perToken.IsKnown ? _weights.Energy * perToken.High * question.ExpectedOutput(i) : double.PositiveInfinity;
            }

            scores[i] = score;
        }
    }

    internal override string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"best by weight (cost {_weights.Cost:0.##}, quality {_weights.Quality:0.##}, time {_weights.Time:0.##}, energy {_weights.Energy:0.##})");
}
