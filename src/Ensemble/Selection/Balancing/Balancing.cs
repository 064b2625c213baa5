namespace Ensemble;

/// <summary>How one of several equal deployments of a model is picked. Priority tiers are kept by all of them.</summary>
public enum Balancing
{
    /// <summary>At random by weight.</summary>
    Weighted = 0,

    /// <summary>The one with the fewest running requests for its weight.</summary>
    LeastBusy,

    /// <summary>The better of two drawn at random, by measured time and running requests.</summary>
    PowerOfTwo,

    /// <summary>The one with the largest share of its rate limit left.</summary>
    Headroom,

    /// <summary>The nearest, by where inference runs.</summary>
    Nearest,
}
