using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>A model that scores as a test says: one log-probability a continuation.</summary>
internal sealed class FakeScorer(Func<ScoringRequest, double[]> score, bool sameFirstToken = false) : IContinuationScorer
{
    public List<ScoringRequest> Requests { get; } = [];

    public Task<ContinuationScores> ScoreAsync(ScoringRequest request, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Requests.Add(request);
        double[] values = score(request);
        ContinuationScore[] scores =
            [.. request.Continuations.Select((text, i) => new ContinuationScore(text, [new TokenLogProbability(text, values[i], sameFirstToken ? 7 : i)]))];
        return Task.FromResult(new ContinuationScores(scores, new UsageDetails { InputTokenCount = 20, CachedInputTokenCount = 15, OutputTokenCount = 0 }));
    }
}
