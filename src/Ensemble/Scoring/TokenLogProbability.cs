namespace Ensemble;

/// <summary>One token of an answer with the natural logarithm of the probability that the model gave it.</summary>
public sealed class TokenLogProbability
{
    /// <summary>Creates the log-probability of a token.</summary>
    /// <param name="token">The token's text; a token that holds only a part of a character has the text it completes, or an empty one.</param>
    /// <param name="logProbability">The natural logarithm of its probability, at most 0.</param>
    /// <param name="id">The token's id in the model's vocabulary, where it is known.</param>
    /// <param name="top">The most probable tokens at this position, best first; empty when they were not asked for.</param>
    public TokenLogProbability(string token, double logProbability, int? id = null, IReadOnlyList<TokenLogProbability>? top = null)
    {
        ArgumentNullException.ThrowIfNull(token);
        Token = token;
        LogProbability = logProbability;
        Id = id;
        Top = top ?? [];
    }

    /// <summary>Gets the token's text.</summary>
    public string Token { get; }

    /// <summary>Gets the natural logarithm of the token's probability under the model, before any sampling option changed it.</summary>
    public double LogProbability { get; }

    /// <summary>Gets the token's id in the model's vocabulary; <see langword="null"/> where the member does not tell.</summary>
    public int? Id { get; }

    /// <summary>Gets the most probable tokens at this position, best first; empty when they were not asked for.</summary>
    public IReadOnlyList<TokenLogProbability> Top { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Token} ({LogProbability:0.000})";
}
