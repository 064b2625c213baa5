namespace Ensemble;

/// <summary>The vendor must name the language of the request. A model that names none is refused; a request whose language cannot be told refuses none.</summary>
internal sealed class LanguageConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        if (!question.Requirements.MatchLanguage || question.Profile.LanguageNumber is not (>= 0 and var language))
        {
            return;
        }

        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            if (!candidates[i].Languages.Contains(language))
            {
                refusals[i] |= ConstraintRules.Language;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => requirements.MatchLanguage;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.Language) == 0
            ? null
            : candidate.Languages.IsEmpty
                ? "its languages are unknown; set Languages on its card"
                : $"the request is in '{profile.Language}', which its vendor does not name";
}
