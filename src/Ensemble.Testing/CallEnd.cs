namespace Ensemble.Testing;

/// <summary>How a call ended.</summary>
internal enum CallEnd
{
    /// <summary>The caller's token, or the caller left the stream.</summary>
    Cancelled = 0,

    /// <summary>The whole script was played.</summary>
    Completed,

    /// <summary>A scripted error was thrown.</summary>
    Failed,
}
