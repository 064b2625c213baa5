namespace Ensemble;

/// <summary>
/// A request with the named kinds of sensitive data stays on local models. The text is scanned only when the rule is set. Data of the application's own
/// kinds that nobody looks for may be anywhere, so a rule that names it keeps everything local then.
/// </summary>
internal sealed class SensitiveDataConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        SensitiveData kept = question.Requirements.KeepLocal;
        if (kept == SensitiveData.None || (!IsUnlooked(question.Requirements, question.Profile) && (question.Profile.SensitiveData & kept) == 0))
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
        (refused & ConstraintRules.SensitiveData) == 0 ? null
        : (profile.SensitiveData & requirements.KeepLocal) is not SensitiveData.None and var found ? $"the request holds {found}, which stays local"
        : "KeepLocal names Custom, and no SensitiveTextDetector looks for it, so every request stays local; register one, or leave Custom out";

    private static bool IsUnlooked(Requirements requirements, RequestProfile profile) => requirements.NamesCustom && !profile.LooksForCustom;
}
