namespace Ensemble;

/// <summary>What one rule says of one deployment.</summary>
public sealed class RuleVerdict
{
    internal RuleVerdict(string rule, string? refusal, bool isSet)
    {
        Rule = rule;
        Refusal = refusal;
        IsSet = isSet;
    }

    /// <summary>Gets the name of the rule, for instance <c>Residency</c>.</summary>
    public string Rule { get; }

    /// <summary>Gets why the rule refuses the deployment; <see langword="null"/> when it does not.</summary>
    public string? Refusal { get; }

    /// <summary>Gets whether somebody set the rule, or the request gives it something to check; one that is not set refuses nobody, except where an objective needs a price or a quality that is unknown.</summary>
    public bool IsSet { get; }

    /// <summary>Gets the verdict in words: why it refuses, <c>passes</c>, or <c>not set</c>.</summary>
    public string Words => Refusal ?? (IsSet ? "passes" : "not set");

    /// <inheritdoc/>
    public override string ToString() => $"{Rule}: {Words}";
}
