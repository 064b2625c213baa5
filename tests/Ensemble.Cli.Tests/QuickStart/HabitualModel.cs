using Microsoft.Extensions.AI;

namespace Ensemble.Cli.Tests.QuickStart;

/// <summary>A model that sees the right label in the text, a little, and says "billing" out of habit, a lot.</summary>
internal sealed class HabitualModel : IChatClient, IContinuationScorer
{
    private const double Habit = 3;

    public Task<ContinuationScores> ScoreAsync(ScoringRequest request, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ContinuationScores([.. request.Continuations.Select(word => Score(request.Query, word))], new UsageDetails()));

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private static ContinuationScore Score(string text, string word)
    {
        double sees = text.Contains(word.Trim(), StringComparison.Ordinal) ? 1 : 0;
        double says = word.Trim() == "billing" ? Habit : 0;
        return new ContinuationScore(word, [new TokenLogProbability(word, sees + says - 10)]);
    }
}
