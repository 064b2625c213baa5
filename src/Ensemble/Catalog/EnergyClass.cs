namespace Ensemble;

/// <summary>
/// How much a model computes for a token, as a range of its active parameters. Vendors of closed models publish no size, so a
/// class is an estimate from the model's name and price, and every figure made from it is a range.
/// </summary>
public enum EnergyClass
{
    /// <summary>Nothing is known.</summary>
    Unknown = 0,

    /// <summary>Up to 4 billion active parameters.</summary>
    Tiny,

    /// <summary>4 to 20 billion active parameters.</summary>
    Small,

    /// <summary>20 to 80 billion active parameters.</summary>
    Medium,

    /// <summary>80 to 300 billion active parameters.</summary>
    Large,

    /// <summary>300 to 1,000 billion active parameters.</summary>
    Huge,
}
