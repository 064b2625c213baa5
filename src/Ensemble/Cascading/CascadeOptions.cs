namespace Ensemble;

/// <summary>When a cascade goes on to its next member.</summary>
public sealed class CascadeOptions
{
    /// <summary>Gets when an answer is not sure enough. At least one limit must be set.</summary>
    public DeferRule DeferBelow { get; } = new();

    /// <summary>Gets how the cascade goes on after a failure, as a router does.</summary>
    public RouterOptions Routing { get; } = new();

    internal void Validate()
    {
        DeferBelow.Validate();
        Routing.Validate();
    }
}
