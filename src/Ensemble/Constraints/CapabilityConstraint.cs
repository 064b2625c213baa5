namespace Ensemble;

/// <summary>A model must be able to do what the request needs and what is required besides.</summary>
internal sealed class CapabilityConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        ModelCapabilities needed = Needed(question.Requirements, question.Profile);
        if (needed == ModelCapabilities.None)
        {
            return;
        }

        ReadOnlySpan<Candidate> candidates = question.Candidates;
        for (int i = 0; i < refusals.Length; i++)
        {
            if ((needed & ~candidates[i].Capabilities) != 0)
            {
                refusals[i] |= ConstraintRules.Capability;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => Needed(requirements, profile) != ModelCapabilities.None;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.Capability) == 0 ? null
        : candidate.Card.Capabilities is null ? $"needs {Needed(requirements, profile)}, and what it can do is unknown; set Card:Capabilities of the model"
        : $"lacks {Needed(requirements, profile) & ~candidate.Capabilities}";

    private static ModelCapabilities Needed(Requirements requirements, RequestProfile profile) => requirements.Capabilities | profile.NeededCapabilities;
}
