namespace Ensemble.Benchmarks.Choosing;

/// <summary>
/// How well texts found their routes: the share that is nearest to its own, the area under the ROC curve of the score for "fits a route", and what the
/// threshold makes of both. Shares of 0 to 1.
/// </summary>
internal sealed record RoutingFigures(double Right, double Auroc, double RightAndAccepted, double Refused)
{
    /// <summary>Judges one draw.</summary>
    public static RoutingFigures Of((string Route, SemanticMatch Match)[] asked, SemanticMatch[] unrelated)
    {
        // Mann and Whitney's U: how often what fits a route scores above what fits none, half for a tie.
        double above = asked.Sum(text => unrelated.Sum(other => text.Match.Score > other.Score ? 1 : text.Match.Score == other.Score ? 0.5 : 0));
        return new RoutingFigures(
            asked.Average(text => text.Match.Best == text.Route ? 1.0 : 0),
            above / asked.Length / unrelated.Length,
            asked.Average(text => text.Match.Route == text.Route ? 1.0 : 0),
            unrelated.Average(match => match.IsMatch ? 0.0 : 1));
    }

    /// <summary>Gives the mean of several draws.</summary>
    public static RoutingFigures Mean(IReadOnlyCollection<RoutingFigures> draws) => new(
        draws.Average(draw => draw.Right), draws.Average(draw => draw.Auroc), draws.Average(draw => draw.RightAndAccepted), draws.Average(draw => draw.Refused));
}
