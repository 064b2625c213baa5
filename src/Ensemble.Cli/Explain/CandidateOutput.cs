namespace Ensemble.Cli;

/// <summary>What a decision thinks of one deployment.</summary>
internal sealed record CandidateOutput
{
    /// <summary>Gets the place in the plan, from 1; nothing for one that is never asked.</summary>
    public int? Rank { get; init; }

    /// <summary>Gets the name of the deployment.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the vendor's id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Gets where inference runs: <c>in process</c>, <c>self-hosted</c>, a place, or <c>place unknown</c>.</summary>
    public required string Place { get; init; }

    /// <summary>Gets each rule's verdict: why it refuses, <c>passes</c>, or <c>not set</c>.</summary>
    public required IReadOnlyDictionary<string, string> Verdicts { get; init; }

    /// <summary>Gets the bound of the prompt in the model's tokens.</summary>
    public long InputTokens { get; init; }

    /// <summary>Gets the tokens that the prompt is expected to have.</summary>
    public long ExpectedInputTokens { get; init; }

    /// <summary>Gets the tokens that the answer is expected to have.</summary>
    public double OutputTokens { get; init; }

    /// <summary>Gets the price in words.</summary>
    public required string Price { get; init; }

    /// <summary>Gets where the price comes from.</summary>
    public string? PriceSource { get; init; }

    /// <summary>Gets the expected price of the question in US dollars.</summary>
    public decimal? ExpectedUsd { get; init; }

    /// <summary>Gets the share of answers that is right.</summary>
    public double? Quality { get; init; }

    /// <summary>Gets the seconds to the end, as measured.</summary>
    public double? Seconds { get; init; }

    /// <summary>Gets the energy of the answer.</summary>
    public required string Energy { get; init; }

    /// <summary>Writes a candidate down.</summary>
    public static CandidateOutput Create(CandidateExplanation candidate) => new()
    {
        Rank = candidate.Rank,
        Name = candidate.Deployment.Name,
        Model = candidate.Card.Id,
        Place = PlaceOf(candidate.Deployment),
        Verdicts = candidate.Verdicts.ToDictionary(verdict => verdict.Rule, verdict => verdict.Words),
        InputTokens = candidate.InputTokens,
        ExpectedInputTokens = candidate.ExpectedInputTokens,
        OutputTokens = candidate.OutputTokens,
        Price = candidate.Price.ToString(),
        PriceSource = candidate.Price.Source,
        ExpectedUsd = candidate.ExpectedUsd,
        Quality = candidate.Quality,
        Seconds = candidate.Seconds,
        Energy = candidate.Energy.ToString(),
    };

    /// <summary>Says where a deployment runs.</summary>
    public static string PlaceOf(Deployment deployment) =>
        deployment.InProcess ? "in process" : deployment.SelfHosted ? "self-hosted" : deployment.Processing ?? "place unknown";
}
