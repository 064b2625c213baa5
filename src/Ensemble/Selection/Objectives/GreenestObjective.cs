namespace Ensemble;

/// <summary>The least energy. Ranges overlap, so the one whose worst case is least is taken.</summary>
internal sealed class GreenestObjective : Objective
{
    internal override void Score(in SelectionQuestion question, Span<ConstraintRules> refusals, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            EnergyRange perToken = question.Candidates[i].Energy;
            scores[i] = perToken.IsKnown ? perToken.High * question.ExpectedOutput(i) : double.PositiveInfinity;
        }
    }

    internal override string Describe() => "greenest";
}
