namespace Ensemble;

/// <summary>
/// Tells how probable given continuations are after a prompt. A client that can do it answers
/// <c>client.GetService&lt;IContinuationScorer&gt;()</c>.
/// </summary>
public interface IContinuationScorer
{
    /// <summary>Scores each continuation of the request.</summary>
    /// <param name="request">The prompt and its continuations.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>One score a continuation, in the order of the request.</returns>
    /// <exception cref="PromptTooLongException">Prompt and continuation do not fit the window.</exception>
    /// <exception cref="UnsupportedOptionException">The model cannot score.</exception>
    Task<ContinuationScores> ScoreAsync(ScoringRequest request, CancellationToken cancellationToken = default);
}
