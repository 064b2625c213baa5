namespace Ensemble;

/// <summary>Says where a token count comes from.</summary>
public enum UsageSource
{
    /// <summary>Nothing is known.</summary>
    Unknown = 0,

    /// <summary>The provider, or the local model itself, reported it.</summary>
    Reported,

    /// <summary>Counted here from the messages and the received text.</summary>
    Counted,

    /// <summary>The upper bound that was reserved before the call.</summary>
    Reserved,
}
