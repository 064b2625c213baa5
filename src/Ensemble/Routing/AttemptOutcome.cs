namespace Ensemble;

/// <summary>Says how one attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>The member answered and its answer was used, or counted as a ballot.</summary>
    Answered = 0,

    /// <summary>The member failed; <see cref="Attempt.Failure"/> says how.</summary>
    Failed,

    /// <summary>The attempt was cancelled because it was no longer needed, or because the caller left.</summary>
    Cancelled,

    /// <summary>The member was not asked; <see cref="Attempt.Note"/> says why.</summary>
    Skipped,
}
