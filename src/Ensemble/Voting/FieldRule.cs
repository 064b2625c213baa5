namespace Ensemble;

/// <summary>How one field of a typed answer is voted over.</summary>
public enum FieldRule
{
    /// <summary>By the field's type: plurality for enums and booleans, the median for numbers, each element's majority for arrays, the majority or else the medoid for strings.</summary>
    Auto = 0,

    /// <summary>The value with the largest weight.</summary>
    Plurality,

    /// <summary>The median of the numbers.</summary>
    Median,

    /// <summary>The mean of the numbers.</summary>
    Mean,

    /// <summary>The value that is nearest to all others.</summary>
    Medoid,
}
