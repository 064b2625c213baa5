namespace Ensemble;

/// <summary>Reads the ballot out of a member's answer, so that two answers that mean the same count as one choice. Safe for use by many threads at once.</summary>
public interface IBallotNormalizer
{
    /// <summary>Reads the choice.</summary>
    /// <param name="answer">The member's answer.</param>
    /// <returns>The choice; <see langword="null"/> when none can be read, which is counted but is no vote.</returns>
    string? Read(string answer);
}
