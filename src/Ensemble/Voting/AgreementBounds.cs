namespace Ensemble;

/// <summary>Between what the winner's share of the readable weight lies, whatever the voters that were not heard would have said.</summary>
/// <param name="Least">The share that is certain.</param>
/// <param name="Most">The share that is possible.</param>
internal readonly record struct AgreementBounds(double Least, double Most)
{
    /// <summary>Gives the bounds of a share of weights: those that are out may all be for the winner, or all for others; one that is unreadable lies between.</summary>
    /// <param name="winner">The weight for the winner.</param>
    /// <param name="readable">The weight of all readable ballots.</param>
    /// <param name="pending">The weight of the ballots that are out.</param>
    public static AgreementBounds OfShare(double winner, double readable, double pending) =>
        readable + pending <= 0 ? default : new(winner / (readable + pending), Math.Min(1, (winner + pending) / (readable + pending)));
}
