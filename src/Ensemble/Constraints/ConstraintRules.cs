namespace Ensemble;

/// <summary>The rules that can refuse a model.</summary>
[Flags]
public enum ConstraintRules
{
    /// <summary>Nothing refuses it.</summary>
    None = 0,

    /// <summary>It cannot do what the request needs.</summary>
    Capability = 1,

    /// <summary>The prompt and the answer do not fit its window, or its window is unknown.</summary>
    Window = 1 << 1,

    /// <summary>It cannot give an answer as long as the request asks for.</summary>
    OutputLimit = 1 << 2,

    /// <summary>The request could cost more than the ceiling.</summary>
    PriceCeiling = 1 << 3,

    /// <summary>Its price is unknown, where price decides.</summary>
    UnknownPrice = 1 << 4,

    /// <summary>Inference may run outside the required places, or it is unknown where.</summary>
    Residency = 1 << 5,

    /// <summary>It does not promise what is required of it about data.</summary>
    DataPolicy = 1 << 6,

    /// <summary>The request holds sensitive data that must stay local.</summary>
    SensitiveData = 1 << 7,

    /// <summary>Its vendor does not name the language of the request.</summary>
    Language = 1 << 8,

    /// <summary>The tenant may not use it.</summary>
    Tenant = 1 << 9,

    /// <summary>It is hosted where only local is allowed, or the other way round.</summary>
    Placement = 1 << 10,

    /// <summary>It is known to be too slow for the deadline.</summary>
    Deadline = 1 << 11,

    /// <summary>Its quality is below the required one.</summary>
    Quality = 1 << 12,

    /// <summary>Its quality is unknown, where quality decides.</summary>
    UnknownQuality = 1 << 13,

    /// <summary>Nothing at all is known of it, and the request has rules.</summary>
    Undescribed = 1 << 14,
}
