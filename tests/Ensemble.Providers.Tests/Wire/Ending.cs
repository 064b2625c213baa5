namespace Ensemble.Providers.Tests;

/// <summary>How a played answer ends.</summary>
internal enum Ending
{
    /// <summary>The answer is completed as HTTP wants it.</summary>
    Complete = 0,

    /// <summary>The connection is reset after the last segment.</summary>
    Reset,

    /// <summary>Nothing more is sent until the client leaves.</summary>
    Stall,

    /// <summary>Fewer bytes are sent than the length that the header promised.</summary>
    ShortOfLength,
}
