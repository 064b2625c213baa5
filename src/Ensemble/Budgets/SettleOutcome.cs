namespace Ensemble;

/// <summary>Says what a settlement or a release did.</summary>
public enum SettleOutcome
{
    /// <summary>The booking was open and is now closed.</summary>
    Settled = 0,

    /// <summary>The booking was open and is now closed; it cost more than was reserved, all of which is booked and weighs on the next reservation.</summary>
    OverReserve,

    /// <summary>The booking had been closed before; nothing was changed.</summary>
    AlreadyClosed,

    /// <summary>No such booking is known; nothing was changed.</summary>
    NotFound,
}
