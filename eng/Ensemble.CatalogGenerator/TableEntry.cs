namespace Ensemble.CatalogGenerator;

/// <summary>What one table says about one model.</summary>
public sealed record TableEntry(Rates Rates)
{
    public long? Window { get; init; }

    public long? Input { get; init; }

    public long? Output { get; init; }

    public IReadOnlyList<string> Capabilities { get; init; } = [];

    public bool Retired { get; init; }

    public string? RetiresOn { get; init; }
}
