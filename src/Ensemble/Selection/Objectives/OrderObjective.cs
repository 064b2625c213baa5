namespace Ensemble;

/// <summary>The members in the order they are given.</summary>
internal sealed class OrderObjective : Objective
{
    internal override void Score(in SelectionQuestion question, Span<ConstraintRules> refusals, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = question.Candidates[i].MemberIndex;
        }
    }

    internal override string Describe() => "first in order";
}
