namespace Ensemble;

/// <summary>What a decision sees of a deployment's health.</summary>
/// <param name="State">Whether a call may pass.</param>
/// <param name="Wait">How long until one may; zero when one may pass now.</param>
internal readonly record struct HealthView(BreakerState State, TimeSpan Wait)
{
    public bool CanPass => State is BreakerState.Closed or BreakerState.ProbeDue;
}
