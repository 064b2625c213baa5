namespace Ensemble;

/// <summary>How probable one continuation is after the prompt.</summary>
public sealed class ContinuationScore
{
    /// <summary>Creates a score from the continuation's tokens.</summary>
    /// <param name="text">The continuation.</param>
    /// <param name="tokens">Its tokens that were scored, with their log-probabilities.</param>
    public ContinuationScore(string text, IReadOnlyList<TokenLogProbability> tokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokens);
        Text = text;
        Tokens = tokens;
        foreach (TokenLogProbability token in tokens)
        {
            LogLikelihood += token.LogProbability;
        }
    }

    /// <summary>Gets the continuation.</summary>
    public string Text { get; }

    /// <summary>Gets the tokens that were scored: all of the continuation's, or its first one when only that was asked for.</summary>
    public IReadOnlyList<TokenLogProbability> Tokens { get; }

    /// <summary>Gets the natural logarithm of the probability of all scored tokens after the prompt.</summary>
    public double LogLikelihood { get; }

    /// <summary>Gets the perplexity, exp(-log-likelihood / tokens): 1 for a certain continuation, the size of the vocabulary for a blind guess.</summary>
    public double Perplexity => Math.Exp(-LogLikelihood / Tokens.Count);

    /// <inheritdoc/>
    public override string ToString() => $"{Text} ({LogLikelihood:0.000})";
}
