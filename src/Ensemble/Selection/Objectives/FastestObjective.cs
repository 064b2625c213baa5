namespace Ensemble;

/// <summary>The shortest time, to the first token or to the end. Optimistic where nothing was measured, or nothing ever would be.</summary>
internal sealed class FastestObjective(bool toFirstToken) : Objective
{
    public bool ToFirstToken => toFirstToken;

    internal override void Score(in SelectionQuestion question, Span<ConstraintRules> refusals, Span<double> scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double seconds = toFirstToken ? question.Signals[i].FirstTokenSeconds : question.SecondsToEnd(i);
            scores[i] = double.IsNaN(seconds) ? 0 : seconds;
        }
    }

    internal override string Describe() => toFirstToken ? "fastest to the first token" : "fastest";
}
