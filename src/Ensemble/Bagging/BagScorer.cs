using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Asks a model how probable each label is after a voter's prompt.</summary>
internal sealed class BagScorer
{
    private readonly Member _member;
    private readonly IContinuationScorer _scorer;
    private readonly IReadOnlyList<string> _continuations;

    public BagScorer(IChatClient client, BaggingData data, TimeProvider time)
    {
        _scorer = client.GetService<IContinuationScorer>() ?? throw new UnsupportedOptionException(
            "The client cannot score continuations (IContinuationScorer). A bagged classifier needs a model that can: a local one.");
        if (data.Bags.Count == 0)
        {
            throw new EnsembleException("bags: there are none, and each voter needs one. Draw them (BaggingData.DrawBags), or leave the language model out.");
        }

        _member = new Member("scorer", client);
        ModelName = client.GetService<ChatClientMetadata>()?.DefaultModelId;
        _continuations = BagPrompt.Continuations(data);
        Data = data;
        Time = time;
    }

    /// <summary>Gets whether the model computes in this process.</summary>
    public bool IsFree => _member.Traits.InProcess;

    /// <summary>Gets what the model calls itself; <see langword="null"/> when it does not say.</summary>
    public string? ModelName { get; }

    public BaggingData Data { get; }

    public TimeProvider Time { get; }

    /// <summary>Returns one normalised log-probability a label, and what it took.</summary>
    public async Task<(double[] Row, Attempt Attempt)> ScoreAsync(string voter, string prefix, string text, CancellationToken cancellationToken)
    {
        long start = Time.GetTimestamp();
        ScoringRequest request = ScoringRequest.ForText(prefix, BagPrompt.Query(Data, text), _continuations, firstTokenOnly: true);
        ContinuationScores scores = await _scorer.ScoreAsync(request, cancellationToken).ConfigureAwait(false);
        CheckFirstTokens(scores);
        double[] row = BaggingMath.Normalize([.. scores.Scores.Select(score => score.LogLikelihood)]);
        Attempt attempt = AttemptRunner.Describe(new Member(voter, _member.Client), AttemptOutcome.Answered, Time.GetElapsedTime(start), scores.Usage, inner: null);
        return (row, attempt);
    }

    // Labels that start with the same token have the same score: the classifier could never tell them apart.
    private void CheckFirstTokens(ContinuationScores scores)
    {
        for (int right = 1; right < scores.Scores.Count; right++)
        {
            for (int left = 0; left < right; left++)
            {
                TokenLogProbability a = scores.Scores[left].Tokens[0], b = scores.Scores[right].Tokens[0];
                if (a.Id is not null ? a.Id == b.Id : a.Token == b.Token)
                {
                    throw new EnsembleException(
                        $"labels: '{Data.Labels[left]}' and '{Data.Labels[right]}' start with the same token ('{a.Token}'), so their scores are always equal. Use words that begin differently.");
                }
            }
        }
    }
}
