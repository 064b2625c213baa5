namespace Ensemble;

/// <summary>Only members that are allowed, and none that is denied, by the name of the member or of its model.</summary>
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
            if (!IsAllowed(requirements, candidates[i]) || IsDenied(requirements, candidates[i]))
            {
                refusals[i] |= ConstraintRules.Tenant;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => requirements.AllowSet is not null || requirements.DenySet is not null;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.Tenant) == 0
            ? null
            : IsDenied(requirements, candidate) ? "it is denied" : "it is not among those allowed";

    private static bool IsAllowed(Requirements requirements, Candidate candidate) =>
        requirements.AllowSet is not { } allowed
        || ((requirements.AllowBits & candidate.NameBits) != 0 && (allowed.Contains(candidate.Member) || allowed.Contains(candidate.Model)) && IsAllowedToo(requirements, candidate));

    private static bool IsAllowedToo(Requirements requirements, Candidate candidate)
    {
        for (int i = 0; i < requirements.AllowedToo.Count; i++)
        {
            if (!requirements.AllowedToo[i].Contains(candidate.Member) && !requirements.AllowedToo[i].Contains(candidate.Model))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDenied(Requirements requirements, Candidate candidate) =>
        (requirements.DenyBits & candidate.NameBits) != 0
        && requirements.DenySet is { } denied && (denied.Contains(candidate.Member) || denied.Contains(candidate.Model));
}
