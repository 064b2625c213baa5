namespace Ensemble;

/// <summary>
/// The prompt must fit what the model reads, and with the answer the window. An answer whose length neither the caller nor the member limits needs
/// one token at least. A window that is unknown refuses.
/// </summary>
internal sealed class WindowConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            long input = question.InputTokens(i);
            if (input > candidates[i].MaxInput || input + Output(candidates[i], question.Profile) > candidates[i].Window)
            {
                refusals[i] |= ConstraintRules.Window;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => true;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile)
    {
        if ((refused & ConstraintRules.Window) == 0)
        {
            return null;
        }

        long input = candidate.InputTokens(profile);
        return candidate.Window == 0
            ? "its window is unknown; set ContextWindow on its card, or, if it is a composition, choose among its models and put it outside this route"
            : $"the prompt of up to {input} tokens and an answer of {Output(candidate, profile)} do not fit its window of {candidate.Window} tokens{(candidate.MaxInput < candidate.Window ? $" ({candidate.MaxInput} for the prompt)" : "")}";
    }

    private static long Output(Candidate candidate, RequestProfile profile) => candidate.OutputLimit(profile) ?? 1;
}
