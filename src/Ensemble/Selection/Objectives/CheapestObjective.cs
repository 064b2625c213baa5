namespace Ensemble;

/// <summary>The lowest expected price.</summary>
internal sealed class CheapestObjective : Objective
{
    internal override bool NeedsPrice => true;

    internal override void Score(in SelectionQuestion question, Span<ConstraintRules> refusals, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            if (refusals[i] != ConstraintRules.None)
            {
                continue;
            }

            scores[i] = question.ExpectedUsd(i);
            if (double.IsNaN(scores[i]))
            {
                refusals[i] = ConstraintRules.UnknownPrice;
            }
        }
    }

    internal override string Describe() => "cheapest";
}
