namespace Ensemble;

/// <summary>The outcome of a decision: how many candidates qualify, and what the first of them may cost.</summary>
internal readonly struct Decision
{
    public Decision(int eligible, double expectedUsd, long? outputLimit)
    {
        Eligible = eligible;
        ExpectedUsd = expectedUsd;
        OutputLimit = outputLimit;
    }

    /// <summary>Gets how many candidates qualify: the length of the order.</summary>
    public int Eligible { get; }

    /// <summary>Gets the expected price of the first candidate in US dollars; NaN when unknown.</summary>
    public double ExpectedUsd { get; }

    /// <summary>Gets the tokens to which the answer of the first candidate must be limited so that a price ceiling holds; <see langword="null"/> when nothing needs limiting.</summary>
    public long? OutputLimit { get; }
}
