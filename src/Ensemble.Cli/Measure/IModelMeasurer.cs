namespace Ensemble.Cli;

/// <summary>Runs a model one way and says how fast it was.</summary>
internal interface IModelMeasurer
{
    /// <summary>Measures.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="choice">How to run it.</param>
    /// <param name="cancellationToken">Stops the measuring.</param>
    /// <exception cref="EnsembleException">The model cannot be run that way.</exception>
    Task<MeasuredSpeed> MeasureAsync(string folder, SessionChoice choice, CancellationToken cancellationToken);
}
