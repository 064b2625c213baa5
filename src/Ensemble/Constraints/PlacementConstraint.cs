namespace Ensemble;

/// <summary>Only local models, or only hosted ones, when so required; a preference refuses nobody.</summary>
internal sealed class PlacementConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        bool forbidsCloud = question.Requirements.ForbidsCloud;
        bool forbidsLocal = question.Requirements.ForbidsLocal;
        if (!forbidsCloud && !forbidsLocal)
        {
            return;
        }

        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            if (candidates[i].IsLocal ? forbidsLocal : forbidsCloud)
            {
                refusals[i] |= ConstraintRules.Placement;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => requirements.ForbidsCloud || requirements.ForbidsLocal;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.Placement) == 0 ? null : candidate.IsLocal ? "only hosted models are allowed" : "only local models are allowed";
}
