namespace Ensemble.Cli;

/// <summary>What was found for one model on this device; remembered as a file of the user.</summary>
internal sealed record MeasuredModel
{
    /// <summary>Gets the folder of the model.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the fingerprint of the folder's files.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Gets the versions of the native runtimes.</summary>
    public required string Runtime { get; init; }

    /// <summary>Gets the processor: its name, features, and how many of it the process may use.</summary>
    public required string Processor { get; init; }

    /// <summary>Gets the best way to run the model.</summary>
    public required SessionChoice Best { get; init; }

    /// <summary>Gets how fast it is then.</summary>
    public required MeasuredSpeed Speed { get; init; }

    /// <summary>Gets when it was measured.</summary>
    public DateTimeOffset Measured { get; init; }

    /// <summary>Says what has changed since; <see langword="null"/> when nothing has.</summary>
    public string? ChangeTo(MeasuredModel now) =>
        Fingerprint != now.Fingerprint ? "its files have changed"
        : Runtime != now.Runtime ? "the runtime has changed"
        : Processor != now.Processor ? "the processor is another"
        : null;
}
