using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Reads how sure an answer is, and compares it with the rule.</summary>
internal static class AnswerJudge
{
    /// <summary>By how much a number may miss its limit: sums of weights like 1/3 are not exact.</summary>
    public const double Rounding = 1e-6;

    public static DeferVerdict Judge(DeferRule rule, ChatResponse response, ChatOptions? options)
    {
        List<string> passed = [];
        if (rule.ValidJson)
        {
            if (JsonProblem(response.Text, options) is { } problem)
            {
                return new(true, $"schema: {problem}");
            }

            passed.Add("valid JSON");
        }

        return Compare("agreement", Agreement(response), rule.Agreement, passed, Undecided(response))
            ?? Compare("mean log-probability", MeanLogProbability(response), rule.MeanLogProbability, passed)
            ?? Compare("label probability", LabelProbability(response), rule.LabelProbability, passed)
            ?? new DeferVerdict(false, string.Join(", ", passed));
    }

    // What a member does not tell cannot vouch for its answer.
    private static DeferVerdict? Compare(string name, double? value, double? limit, List<string> passed, string? undecided = null)
    {
        if (limit is not { } least)
        {
            return null;
        }

        if (value is not { } given)
        {
            return new(true, $"{name}: the answer reports none");
        }

        string text = string.Create(CultureInfo.InvariantCulture, $"{name} {given:0.###}");
        if (given >= least - Rounding)
        {
            passed.Add(string.Create(CultureInfo.InvariantCulture, $"{text}, {Math.Max(0, given - least):0.###} above {least:0.###}"));
            return null;
        }

        return new(true, undecided is not null
            ? string.Create(CultureInfo.InvariantCulture, $"{undecided}, and {name} must be {least:0.###}")
            : string.Create(CultureInfo.InvariantCulture, $"{text}, {least - given:0.###} below {least:0.###}"));
    }

    // Nobody won: the share of the leader is no agreement, and 0 would not say why.
    private static string? Undecided(ChatResponse response) => response.GetVote() is not { } vote ? null : vote.Outcome switch
    {
        VoteOutcome.Decided => null,
        VoteOutcome.Tied => string.Create(CultureInfo.InvariantCulture, $"tied at {vote.Agreement:0.###}"),
        VoteOutcome.NoQuorum => string.Create(CultureInfo.InvariantCulture, $"no quorum at {vote.Agreement:0.###}"),
        VoteOutcome.NoAgreement => string.Create(CultureInfo.InvariantCulture, $"no agreement at {vote.Agreement:0.###}"),
        _ => "free text, no consensus",
    };

    private static double? Agreement(ChatResponse response) => response.GetVote() switch
    {
        null => null,
        { Outcome: VoteOutcome.Decided } vote => vote.Agreement,

        // No choice won, however large its share is.
        _ => 0,
    };

    private static double? MeanLogProbability(ChatResponse response) =>
        response.GetLogProbabilities() is { Count: > 0 } tokens ? tokens.Average(token => token.LogProbability) : null;

    // Only what is a probability: the share of a count is none.
    private static double? LabelProbability(ChatResponse response) =>
        response.AdditionalProperties?.TryGetValue(LabelConfidence.ResponseKey, out object? value) is true && value is double confidence ? confidence
        : response.GetVote() is { } vote && (vote.IsOverProbabilities || vote.Ballots.Any(ballot => ballot.Probabilities is not null)) ? vote.Agreement
        : null;

    private static string? JsonProblem(string text, ChatOptions? options)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } ? JsonSchemaCheck.Find(document.RootElement, schema) : null;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return "the answer is not JSON";
        }
    }
}
