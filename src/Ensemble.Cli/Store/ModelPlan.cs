namespace Ensemble.Cli;

/// <summary>What would be added: said to the user before anything is written.</summary>
internal sealed record ModelPlan
{
    /// <summary>Gets the name that the model gets.</summary>
    public required string Name { get; init; }

    /// <summary>Gets where it comes from, with the revision that was found; it holds no secret.</summary>
    public required string Source { get; init; }

    /// <summary>Gets the licence as the source states it.</summary>
    public string? License { get; init; }

    /// <summary>Gets the files.</summary>
    public required IReadOnlyList<PlannedFile> Files { get; init; }

    /// <summary>Gets the sum of the lengths that are known.</summary>
    public long Bytes => Files.Sum(file => file.Bytes ?? 0);
}
