namespace Ensemble.Cli;

/// <summary>What would happen to a question, for scripts.</summary>
internal sealed record ExplainOutput
{
    /// <summary>Gets the name of the model or composition.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it is.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets what the question is.</summary>
    public required ProfileOutput Profile { get; init; }

    /// <summary>Gets what is preferred.</summary>
    public string? Objective { get; init; }

    /// <summary>Gets what is thought of each deployment, those of the plan first.</summary>
    public required IReadOnlyList<CandidateOutput> Candidates { get; init; }

    /// <summary>Gets who would be asked, in order.</summary>
    public required IReadOnlyList<string> Plan { get; init; }

    /// <summary>Gets what would happen in the compositions among those of the plan.</summary>
    public IReadOnlyList<ExplainOutput> Nested { get; init; } = [];

    /// <summary>Gets the plan in words.</summary>
    public required string Note { get; init; }

    /// <summary>Writes an explanation down.</summary>
    public static ExplainOutput Create(RouteExplanation explanation) => new()
    {
        Name = explanation.Name,
        Kind = explanation.Kind,
        Profile = ProfileOutput.Create(explanation.Profile),
        Objective = explanation.Objective?.ToString(),
        Candidates = [.. explanation.Candidates.Select(CandidateOutput.Create)],
        Plan = explanation.Plan,
        Nested = [.. explanation.Nested.Select(Create)],
        Note = explanation.Note,
    };
}
