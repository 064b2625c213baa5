using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>How probable each continuation of a <see cref="ScoringRequest"/> is.</summary>
public sealed class ContinuationScores
{
    /// <summary>Creates the result of a scoring call.</summary>
    /// <param name="scores">One score a continuation, in the order of the request.</param>
    /// <param name="usage">The tokens of the call: input with what was kept from earlier calls as cached input.</param>
    public ContinuationScores(IReadOnlyList<ContinuationScore> scores, UsageDetails usage)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(usage);
        Scores = scores;
        Usage = usage;
    }

    /// <summary>Gets one score a continuation, in the order of the request.</summary>
    public IReadOnlyList<ContinuationScore> Scores { get; }

    /// <summary>Gets the tokens of the call.</summary>
    public UsageDetails Usage { get; }

    /// <summary>Gets the most probable continuation by log-likelihood; the first one of equals.</summary>
    public ContinuationScore Best
    {
        get
        {
            ContinuationScore best = Scores[0];
            foreach (ContinuationScore score in Scores)
            {
                best = score.LogLikelihood > best.LogLikelihood ? score : best;
            }

            return best;
        }
    }
}
