namespace Ensemble;

/// <summary>A stream under way with the places that it holds; closing it hands them back.</summary>
internal sealed class OpenStream(RouteStep step, StreamAttempt attempt)
{
    public RouteStep Step => step;

    public StreamAttempt Attempt => attempt;

    public async ValueTask CloseAsync()
    {
        await attempt.DisposeAsync().ConfigureAwait(false);
        step.End(attempt.Result!);
    }
}
