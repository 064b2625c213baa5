namespace Ensemble;

/// <summary>Says whether local models or hosted ones are wanted. Local is what runs in this process or on hardware of one's own.</summary>
public enum Placement
{
    /// <summary>Both, without preference.</summary>
    Any = 0,

    /// <summary>Local models first; hosted ones when no local one qualifies or answers.</summary>
    PreferLocal,

    /// <summary>Hosted models first; local ones when no hosted one qualifies or answers.</summary>
    PreferCloud,

    /// <summary>Local models only, under any failure.</summary>
    OnlyLocal,

    /// <summary>Hosted models only.</summary>
    OnlyCloud,
}
