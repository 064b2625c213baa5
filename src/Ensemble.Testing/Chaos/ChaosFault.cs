namespace Ensemble.Testing;

/// <summary>What chaos did to a call.</summary>
public enum ChaosFault
{
    /// <summary>Nothing: the call went through.</summary>
    None = 0,

    /// <summary>The call failed with HTTP 500 before it left.</summary>
    Error,

    /// <summary>The call was refused with HTTP 429 before it left.</summary>
    RateLimit,

    /// <summary>The call never answered.</summary>
    Hang,

    /// <summary>The call answered late.</summary>
    Delay,

    /// <summary>The stream broke with an error after some updates; a whole answer was lost after it had been made.</summary>
    Break,

    /// <summary>The stream ended after some updates without a finish reason; a whole answer lost its second half and its finish reason.</summary>
    Cut,
}
