namespace Ensemble.Cli;

/// <summary>Everything that <c>doctor</c> found.</summary>
internal sealed record DoctorReport
{
    /// <summary>Gets whether everything that is configured can be asked.</summary>
    public bool Ready => Configuration.Errors.Count == 0 && Models.All(model => model.Problem is null);

    /// <summary>Gets the machine.</summary>
    public required MachineFacts Machine { get; init; }

    /// <summary>Gets the configuration.</summary>
    public required ConfigurationFacts Configuration { get; init; }

    /// <summary>Gets the models, in the order of their names; empty while the configuration has errors.</summary>
    public IReadOnlyList<ModelFacts> Models { get; init; } = [];
}
