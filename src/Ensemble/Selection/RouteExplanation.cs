using System.Globalization;
using System.Text;

namespace Ensemble;

/// <summary>What would happen to a request, and why; made without asking anybody.</summary>
public sealed class RouteExplanation
{
    /// <summary>Gets the name of the model or composition.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it is, for instance <c>route</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets what the request is.</summary>
    public required RequestProfile Profile { get; init; }

    /// <summary>Gets what is preferred; <see langword="null"/> when members are not chosen.</summary>
    public Objective? Objective { get; init; }

    /// <summary>Gets what must be satisfied; <see langword="null"/> when members are not chosen.</summary>
    public Requirements? Requirements { get; init; }

    /// <summary>Gets what is thought of each deployment; empty when members are not chosen.</summary>
    public IReadOnlyList<CandidateExplanation> Candidates { get; init; } = [];

    /// <summary>Gets who would be asked, in order.</summary>
    public required IReadOnlyList<string> Plan { get; init; }

    /// <summary>Gets what would happen in the compositions among those that would be asked.</summary>
    public IReadOnlyList<RouteExplanation> Nested { get; init; } = [];

    /// <summary>Gets the plan in words.</summary>
    public required string Note { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Name} ({Kind}): {Note}");
        foreach (CandidateExplanation candidate in Candidates)
        {
            string refusals = string.Join("; ", candidate.Verdicts.Select(verdict => verdict.Refusal).OfType<string>());
            string price = candidate.ExpectedUsd is { } usd ? string.Create(CultureInfo.InvariantCulture, $"${usd:0.######} expected") : "price unknown";
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {candidate.Rank?.ToString(CultureInfo.InvariantCulture) ?? "-"} {candidate.Deployment.Name}: {(refusals.Length > 0 ? refusals : price)}");
        }

        foreach (RouteExplanation nested in Nested)
        {
            text.AppendLine().Append("  ").Append(nested.ToString().Replace(Environment.NewLine, Environment.NewLine + "  ", StringComparison.Ordinal));
        }

        return text.ToString();
    }
}
