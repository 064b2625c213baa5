namespace Ensemble;

/// <summary>All that a decision depends on, with what several rules read of a candidate.</summary>
internal readonly ref struct SelectionQuestion
{
    private readonly ReadOnlySpan<CandidateSignals> _signals;

    public SelectionQuestion(RequestProfile profile, Requirements requirements, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<CandidateSignals> signals)
    {
        Profile = profile;
        Requirements = requirements;
        Candidates = candidates;
        _signals = signals;
    }

    public RequestProfile Profile { get; }

    public Requirements Requirements { get; }

    public ReadOnlySpan<Candidate> Candidates { get; }

    public ReadOnlySpan<CandidateSignals> Signals => _signals;

    /// <summary>The most tokens that the prompt can have; for ceilings and windows.</summary>
    public long InputTokens(int candidate) => Candidates[candidate].InputTokens(Profile);

    /// <summary>The tokens that the prompt is expected to have by what the provider has reported; for ranking. At most the bound.</summary>
    public long ExpectedInput(int candidate) =>
        (long)Math.Min(InputTokens(candidate), Math.Round(Candidates[candidate].ExpectedInput(Profile) * _signals[candidate].InputRatio));

    /// <summary>The dearest rates that any token of the request can be billed at; unknown when nobody knows how many tokens its images or remote files take, unless prompts are free.</summary>
    public TokenRates DearestRates(int candidate)
    {
        Candidate one = Candidates[candidate];
        TokenRates rates = one.DearestRatesFor(one.InputTokens(Profile));
        return rates.Input > 0 && !one.Bounds(Profile) ? TokenRates.Unknown : rates;
    }

    public double Quality(int candidate) => Candidates[candidate].QualityIn(Profile.Domain);

    /// <summary>What the model's answers have on average, within the limits of caller and member.</summary>
    public double ExpectedOutput(int candidate) =>
        Math.Min(_signals[candidate].OutputTokens, Math.Min(Candidates[candidate].OutputLimit(Profile) ?? long.MaxValue, Candidates[candidate].MaxOutput));

    /// <summary>The expected price in US dollars; NaN when unknown.</summary>
    public double ExpectedUsd(int candidate)
    {
        long input = ExpectedInput(candidate);
        TokenRates rates = Candidates[candidate].RatesFor(input);
        double usd = (input * rates.Input) + (ExpectedOutput(candidate) * rates.Output);
        long cached = _signals[candidate].CachedTokens;
        return cached == 0 ? usd : usd - (Math.Min(cached, input) * Candidates[candidate].CacheSavingFor(input));
    }

    /// <summary>The seconds to the end of the answer by what was measured; NaN when nothing was.</summary>
    public double SecondsToEnd(int candidate)
    {
        // Whole answers tell nothing of the first token; their time is all in the tokens.
        double first = _signals[candidate].FirstTokenSeconds;
        return (double.IsNaN(first) ? 0 : first) + (ExpectedOutput(candidate) * _signals[candidate].SecondsPerToken);
    }
}
