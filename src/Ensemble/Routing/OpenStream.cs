namespace Ensemble;

/// <summary>A stream under way with the places that it holds; closing it hands them back.</summary>
/// <param name="step">The places.</param>
/// <param name="attempt">The stream.</param>
/// <param name="racer">The stream as one of two that raced; <see langword="null"/> when it was asked alone.</param>
internal sealed class OpenStream(RouteStep step, StreamAttempt attempt, Contender? racer = null)
{
    public RouteStep Step => step;

    public StreamAttempt Attempt => attempt;

    public async ValueTask CloseAsync()
    {
        await attempt.DisposeAsync().ConfigureAwait(false);
        step.End(attempt.Result!, attempt);
        racer?.Release();
    }
}
