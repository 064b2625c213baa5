namespace Ensemble;

/// <summary>Says by what a usage report is grouped.</summary>
public enum UsageGrouping
{
    /// <summary>One line for all.</summary>
    None = 0,

    /// <summary>By model.</summary>
    Model,

    /// <summary>By calendar day, <c>yyyy-mm-dd</c>.</summary>
    Day,

    /// <summary>By tenant; usage without a tenant has an empty key.</summary>
    Tenant,
}
