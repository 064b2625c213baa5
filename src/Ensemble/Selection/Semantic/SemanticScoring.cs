namespace Ensemble;

/// <summary>Says how a text is compared with the examples of a route. The single nearest example is no choice: it was 13 to 30 points worse.</summary>
public enum SemanticScoring
{
    /// <summary><see cref="Combined"/> for 2 to 64 routes, otherwise <see cref="Mean"/>.</summary>
    Automatic = 0,

    /// <summary>The cosine to the mean of a route's examples. Needs no fit; a thousand routes take a few microseconds.</summary>
    Mean,

    /// <summary>The log-probability of logistic regression on the vectors minus their mean. Right most often, but poor at seeing that no route fits.</summary>
    Regression,

    /// <summary>The log-probability of the regression plus 50 times the cosine: nearly as often right as the regression, and better than either at "none of these".</summary>
    Combined,
}
