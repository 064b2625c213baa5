namespace Ensemble;

/// <summary>Inference must run in the required places and nowhere else. In this process always qualifies; a place that is unknown never does.</summary>
internal sealed class ResidencyConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        if (question.Requirements.Countries is not { } allowed)
        {
            return;
        }

        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            Candidate candidate = candidates[i];
            if (!candidate.InProcess && (candidate.Countries.IsEmpty || !candidate.Countries.IsSubsetOf(allowed)))
            {
                refusals[i] |= ConstraintRules.Residency;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => requirements.Countries is not null;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile)
    {
        if ((refused & ConstraintRules.Residency) == 0)
        {
            return null;
        }

        string allowed = string.Join(", ", requirements.Regions ?? []);
        return candidate.Deployment.Processing is { } place
            ? LiesIn(candidate, requirements.Regions) ? $"inference runs in '{place}', which lies in {allowed} but not in what another rule allows: of a route, the tenant or the request"
            : $"inference runs in '{place}', which does not lie in {allowed}"
            : $"it is unknown where inference runs, and {allowed} is required; set Processing on the model";
    }

    // Of several rules together only the places of the first are named.
    private static bool LiesIn(Candidate candidate, IReadOnlyList<string>? regions) =>
        !candidate.Countries.IsEmpty && candidate.Countries.IsSubsetOf(Places.ParseAll(regions ?? []));
}
