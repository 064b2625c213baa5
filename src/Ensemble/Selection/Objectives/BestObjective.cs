namespace Ensemble;

/// <summary>The highest quality, in the domain of the request when it is known.</summary>
internal sealed class BestObjective : Objective
{
    internal override bool NeedsQuality => true;

    internal override void Score(in SelectionQuestion question, Span<ConstraintRules> refusals, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            if (refusals[i] != ConstraintRules.None)
            {
                continue;
            }

            scores[i] = 1 - question.Quality(i);
            if (double.IsNaN(scores[i]))
            {
                refusals[i] = ConstraintRules.UnknownQuality;
            }
        }
    }

    internal override string Describe() => "best";
}
