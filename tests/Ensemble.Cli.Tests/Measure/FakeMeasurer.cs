using Ensemble.Onnx;

namespace Ensemble.Cli.Tests.Measure;

/// <summary>Gives each way of running a model the speed that a test says.</summary>
internal sealed class FakeMeasurer(Func<SessionChoice, double?> speed) : IModelMeasurer
{
    public List<SessionChoice> Asked { get; } = [];

    public Task<MeasuredSpeed> MeasureAsync(string folder, SessionChoice choice, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Asked.Add(choice);
        return speed(choice) is { } tokens ? Task.FromResult(new MeasuredSpeed(tokens * 4, tokens, 200_000_000)) : throw new ModelLoadException("no such device");
    }
}
