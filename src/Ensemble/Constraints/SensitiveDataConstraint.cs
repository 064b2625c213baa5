namespace Ensemble;

/// <summary>A request with the named kinds of sensitive data stays on local models. The text is scanned only when the rule is set.</summary>
internal sealed class SensitiveDataConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        SensitiveData kept = question.Requirements.KeepLocal;
        if (kept == SensitiveData.None || (question.Profile.SensitiveData & kept) == 0)
        {
            return;
        }

        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            if (!candidates[i].IsLocal)
            {
                refusals[i] |= ConstraintRules.SensitiveData;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => requirements.KeepLocal != SensitiveData.None;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.SensitiveData) == 0 ? null : $"the request holds {profile.SensitiveData & requirements.KeepLocal}, which stays local";
}
