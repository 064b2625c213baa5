namespace Ensemble;

/// <summary>
/// What has been learned of a candidate at the moment of a decision. A decision gets a copy, so that it depends on nothing that
/// changes under it and can be made again from the same values.
/// </summary>
internal struct CandidateSignals
{
    /// <summary>The answer that is expected when nothing has been learned, in tokens: a few paragraphs.</summary>
    public const double DefaultOutputTokens = 256;

    public CandidateSignals()
    {
    }

    /// <summary>Gets or sets the seconds to the first token, aged; NaN when nothing was measured.</summary>
    public double FirstTokenSeconds { get; set; } = double.NaN;

    /// <summary>Gets or sets the seconds for each token of the answer, aged; NaN when nothing was measured.</summary>
    public double SecondsPerToken { get; set; } = double.NaN;

    /// <summary>Gets or sets the tokens that an answer of the model is expected to have.</summary>
    public double OutputTokens { get; set; } = DefaultOutputTokens;

    /// <summary>Gets or sets how many tokens of a prompt the provider reports for each that is expected.</summary>
    public double InputRatio { get; set; } = 1;

    /// <summary>Gets or sets whether the candidate may be measured again though it has been too slow for the deadline.</summary>
    public bool MayProbe { get; set; }

    /// <summary>Gets or sets the share of the rate limit that is left, from 0 to 1.</summary>
    public double Headroom { get; set; } = 1;

    /// <summary>Gets or sets the tokens of the prompt that the candidate's provider has cached from the last turn.</summary>
    public long CachedTokens { get; set; }

    /// <summary>Gets or sets the requests that are running.</summary>
    public int InFlight { get; set; }

    /// <summary>Gets or sets whether the candidate is cooling down after failures; it stays eligible and comes last.</summary>
    public bool IsOut { get; set; }
}
