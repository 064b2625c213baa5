namespace Ensemble;

/// <summary>What a limiter says to a call.</summary>
internal enum Admission
{
    /// <summary>The call may leave now.</summary>
    Admitted = 0,

    /// <summary>The call may wait; its turn is expected within its deadline.</summary>
    Wait,

    /// <summary>The call could not leave before its deadline, or asks for more than the limit ever grants: refused at once.</summary>
    Refused,
}
