namespace Ensemble;

/// <summary>
/// Marks a client that understands the request context of an ensemble (<see cref="EnsembleRequest"/>): a composition, or a leaf of
/// ours. Other members never see the context. A client answers <c>client.GetService&lt;IEnsembleMember&gt;()</c>.
/// </summary>
public interface IEnsembleMember
{
    /// <summary>Gets the name of the member.</summary>
    string Name { get; }
}
