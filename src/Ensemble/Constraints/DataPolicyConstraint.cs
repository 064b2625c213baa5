namespace Ensemble;

/// <summary>A deployment must promise about data what is required. What runs in this process keeps every promise.</summary>
internal sealed class DataPolicyConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        DataPolicies required = question.Requirements.DataPolicies;
        if (required == DataPolicies.None)
        {
            return;
        }

        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            if (!candidates[i].InProcess && (required & ~candidates[i].DataPolicies) != 0)
            {
                refusals[i] |= ConstraintRules.DataPolicy;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => requirements.DataPolicies != DataPolicies.None;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.DataPolicy) == 0 ? null : $"does not promise {requirements.DataPolicies & ~candidate.DataPolicies}";
}
