namespace Ensemble.CatalogGenerator;

/// <summary>What one table says about one model.</summary>
public sealed record TableEntry(Rates Rates)
{
    public long? Window { get; init; }

    public long? Input { get; init; }

    public long? Output { get; init; }

    /// <summary>Gets what the model can do; nothing when the table does not say.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Gets the table that says so, and the row when it is not the model's own.</summary>
    public string? CapabilitiesSource { get; init; }

    public bool Retired { get; init; }

    public string? RetiresOn { get; init; }
}
