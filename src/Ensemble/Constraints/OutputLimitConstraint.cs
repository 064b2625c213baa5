namespace Ensemble;

/// <summary>A model must be able to answer as long as the caller and its member allow, when one of them says how long.</summary>
internal sealed class OutputLimitConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            if (candidates[i].OutputLimit(question.Profile) > candidates[i].MaxOutput)
            {
                refusals[i] |= ConstraintRules.OutputLimit;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => candidate.OutputLimit(profile) is not null;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.OutputLimit) == 0 ? null : $"answers with at most {candidate.MaxOutput} tokens; the request allows {candidate.OutputLimit(profile)}";
}
