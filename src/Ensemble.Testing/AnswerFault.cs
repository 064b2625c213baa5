namespace Ensemble.Testing;

/// <summary>What goes wrong after the pieces that were sent.</summary>
internal enum AnswerFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The answer ends as if it were complete, without a finish reason.</summary>
    Cut,

    /// <summary>An exception is thrown.</summary>
    Throw,

    /// <summary>An error arrives as content.</summary>
    ErrorContent,

    /// <summary>Nothing more ever comes.</summary>
    Hang,

    /// <summary>Nothing comes for a while, then the rest.</summary>
    Pause,
}
