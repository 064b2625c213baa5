namespace Ensemble;

/// <summary>What a decision may know of the members' health; a look changes nothing.</summary>
internal interface IMemberHealth
{
    /// <summary>Says whether no way to a member would be taken now, and which share of its limits is left, from 0 to 1.</summary>
    (bool IsOut, double Headroom) Look(Member member);
}
