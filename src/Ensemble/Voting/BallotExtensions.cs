using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Reads the ballots that a panel's stream shows as they arrive.</summary>
public static class BallotExtensions
{
    /// <summary>Reads the ballot that has just arrived. Such an update has no text and leaves no trace in the answer; a reader may ignore it.</summary>
    /// <param name="update">An update of a stream.</param>
    /// <returns>The ballot, or <see langword="null"/> when the update is none.</returns>
    public static Ballot? GetBallot(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.RawRepresentation as Ballot;
    }
}
