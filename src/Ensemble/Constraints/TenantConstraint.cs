namespace Ensemble;

/// <summary>Only members that are allowed, and none that is denied, by name.</summary>
internal sealed class TenantConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        Requirements requirements = question.Requirements;
        if (requirements.AllowSet is null && requirements.DenySet is null)
        {
            return;
        }

        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            string member = candidates[i].Member;
            if (requirements.AllowSet?.Contains(member) is false || requirements.DenySet?.Contains(member) is true)
            {
                refusals[i] |= ConstraintRules.Tenant;
            }
        }
    }

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.Tenant) == 0
            ? null
            : requirements.DenySet?.Contains(candidate.Member) is true ? "it is denied" : "it is not among those allowed";
}
