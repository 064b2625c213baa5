namespace Ensemble;

/// <summary>A model must be able to answer as long as the caller allows, when the caller says how long.</summary>
internal sealed class OutputLimitConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        if (question.Profile.OutputLimit is not { } limit)
        {
            return;
        }

        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            if (limit > candidates[i].MaxOutput)
            {
                refusals[i] |= ConstraintRules.OutputLimit;
            }
        }
    }

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.OutputLimit) == 0 ? null : $"answers with at most {candidate.MaxOutput} tokens; the request allows {profile.OutputLimit}";
}
