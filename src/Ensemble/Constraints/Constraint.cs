namespace Ensemble;

/// <summary>
/// One hard rule. It is asked once for a whole decision, so a rule that nobody set costs one comparison, and marks the candidates
/// that it refuses; the words are made when somebody reads the refusal.
/// </summary>
internal abstract class Constraint
{
    /// <summary>Gets all rules.</summary>
    public static Constraint[] All { get; } =
    [
        new PlacementConstraint(),
        new SensitiveDataConstraint(),
        new ResidencyConstraint(),
        new DataPolicyConstraint(),
        new TenantConstraint(),
        new CapabilityConstraint(),
        new WindowConstraint(),
        new OutputLimitConstraint(),
        new LanguageConstraint(),
        new QualityConstraint(),
        new PriceCeilingConstraint(),
        new DeadlineConstraint(),
    ];

    /// <summary>Gets the name of the rule, for explanations.</summary>
    public string Name => GetType().Name[..^nameof(Constraint).Length];

    /// <summary>Marks the candidates that the rule refuses.</summary>
    /// <param name="question">The request, what is required, and the candidates.</param>
    /// <param name="refusals">The marks, one a candidate.</param>
    public abstract void Check(in SelectionQuestion question, Span<ConstraintRules> refusals);

    /// <summary>Says whether somebody set the rule, or the request gives it something to check.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="requirements">What was required.</param>
    /// <param name="profile">The request.</param>
    public abstract bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile);

    /// <summary>Gives the verdict on a candidate, for explanations.</summary>
    /// <param name="refused">The marks of the candidate.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="requirements">What was required.</param>
    /// <param name="profile">The request.</param>
    public RuleVerdict Judge(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        new(Name, Explain(refused, candidate, requirements, profile), IsSet(candidate, requirements, profile));

    /// <summary>Says in words why the rule refused a candidate, when it did.</summary>
    /// <param name="refused">The marks of the candidate.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="requirements">What was required.</param>
    /// <param name="profile">The request.</param>
    /// <returns>The words, or <see langword="null"/> when this rule has no part in the refusal.</returns>
    public abstract string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile);
}
