namespace Ensemble;

/// <summary>What one rule says of one deployment.</summary>
public sealed class RuleVerdict
{
    internal RuleVerdict(string rule, string? refusal)
    {
        Rule = rule;
        Refusal = refusal;
    }

    /// <summary>Gets the name of the rule, for instance <c>Residency</c>.</summary>
    public string Rule { get; }

    /// <summary>Gets why the rule refuses the deployment; <see langword="null"/> when it does not.</summary>
    public string? Refusal { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Rule}: {Refusal ?? "passes"}";
}
