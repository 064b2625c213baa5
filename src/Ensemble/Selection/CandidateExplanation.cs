namespace Ensemble;

/// <summary>What a decision thinks of one deployment of a member: may it answer, why not, and what to expect.</summary>
public sealed class CandidateExplanation
{
    /// <summary>Gets the name of the member.</summary>
    public required string Member { get; init; }

    /// <summary>Gets where the model runs.</summary>
    public required Deployment Deployment { get; init; }

    /// <summary>Gets what the model is.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>Gets the place in the plan, from 1; <see langword="null"/> for one that is never asked.</summary>
    public int? Rank { get; init; }

    /// <summary>Gets the verdict of each rule, in the order in which rules are checked.</summary>
    public required IReadOnlyList<RuleVerdict> Verdicts { get; init; }

    /// <summary>Gets the bound of the prompt in the model's tokens.</summary>
    public long InputTokens { get; init; }

    /// <summary>Gets the tokens that the prompt is expected to have; the ranking goes by these, every ceiling by the bound.</summary>
    public long ExpectedInputTokens { get; init; }

    /// <summary>Gets the tokens that the answer is expected to have.</summary>
    public double OutputTokens { get; init; }

    /// <summary>Gets the price here.</summary>
    public required Price Price { get; init; }

    /// <summary>Gets the expected price of the request in US dollars; <see langword="null"/> when unknown.</summary>
    public decimal? ExpectedUsd { get; init; }

    /// <summary>Gets the share of answers that is right, for the domain of the request; <see langword="null"/> when unknown.</summary>
    public double? Quality { get; init; }

    /// <summary>Gets the seconds to the end of the answer by what was measured; <see langword="null"/> when nothing was.</summary>
    public double? Seconds { get; init; }

    /// <summary>Gets the energy of the answer, as a range.</summary>
    public EnergyRange Energy { get; init; }

    /// <summary>Says what is thought of one candidate of a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="index">The candidate.</param>
    /// <param name="rank">Its place in the plan.</param>
    /// <param name="rules">The rules that hold there.</param>
    /// <param name="refused">The marks that they left.</param>
    internal static CandidateExplanation Of(in SelectionQuestion question, int index, int? rank, IEnumerable<Constraint> rules, ConstraintRules refused)
    {
        Candidate candidate = question.Candidates[index];
        (Requirements requirements, RequestProfile profile) = (question.Requirements, question.Profile);
        double output = question.ExpectedOutput(index);
        return new CandidateExplanation
        {
            Member = candidate.Member,
            Deployment = candidate.Deployment,
            Card = candidate.Card,
            Rank = rank,
            Verdicts = [.. rules.Select(rule => rule.Judge(refused, candidate, requirements, profile))],
            InputTokens = question.InputTokens(index),
            ExpectedInputTokens = question.ExpectedInput(index),
            OutputTokens = output,
            Price = candidate.Price,
            ExpectedUsd = Known(question.ExpectedUsd(index)) is { } usd ? (decimal)usd : null,
            Quality = Known(question.Quality(index)),
            Seconds = Known(question.SecondsToEnd(index)),
            Energy = candidate.Energy.Times(output),
        };
    }

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
