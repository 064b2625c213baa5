using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Asks a member how probable each choice is, instead of letting it write one.</summary>
internal static class ChoiceScoring
{
    private const string Key = "ensemble.probabilities";

    /// <summary>Scores the choices; the answer says the most probable one.</summary>
    public static async Task<AttemptResult> AskAsync(
        AttemptRunner runner, Member member, IContinuationScorer scorer, IReadOnlyList<ChatMessage> messages, RequestRules? rules, IReadOnlyList<string> choices, ChoiceCalibration? calibration, string? tenant, CancellationToken cancellationToken)
    {
        long start = runner.Time.GetTimestamp();
        try
        {
            // The scorer of a model is asked past the client that would check.
            rules?.Demand(member, messages, options: null, past: true);
            ContinuationScores scores = await scorer.ScoreAsync(ScoringRequest.ForMessages(messages, choices, tenant: tenant), cancellationToken).ConfigureAwait(false);
            double[] row = BaggingMath.Normalize([.. scores.Scores.Select(score => score.LogLikelihood)]);
            row = calibration?.Apply(row) ?? row;
            ChatResponse response = new(new ChatMessage(ChatRole.Assistant, choices[BaggingMath.Best(row)]))
            {
                FinishReason = ChatFinishReason.Stop,
                Usage = scores.Usage,
                AdditionalProperties = new() { [Key] = choices.Select((choice, c) => KeyValuePair.Create(choice, Math.Exp(row[c]))).ToArray() },
            };
            return runner.Succeed(member, response, runner.Time.GetElapsedTime(start), scores.Usage, inner: null);
        }
        catch (Exception exception)
        {
            return runner.Fail(member, exception, runner.Time.GetElapsedTime(start), cancellationToken);
        }
    }

    public static IReadOnlyList<KeyValuePair<string, double>>? Read(ChatResponse response) =>
        response.AdditionalProperties?.TryGetValue(Key, out object? value) is true ? value as IReadOnlyList<KeyValuePair<string, double>> : null;
}
