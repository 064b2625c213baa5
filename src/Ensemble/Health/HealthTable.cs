using System.Collections.Concurrent;

namespace Ensemble;

/// <summary>
/// The health of all deployments and keys by name. A key is named by its deployment and number, never by the key itself. Bounded by the
/// configuration: a reload forgets what is no longer named. Thread-safe.
/// </summary>
internal sealed class HealthTable(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DeploymentHealth> _health = new(StringComparer.Ordinal);

    public int Count => _health.Count;

    /// <summary>Finds the health of a deployment or key; one that is new is healthy.</summary>
    public DeploymentHealth Get(string name) =>
        _health.TryGetValue(name, out DeploymentHealth? known) ? known : _health.GetOrAdd(name, static (_, time) => new DeploymentHealth(time), time);

    /// <summary>Forgets all but these names.</summary>
    public void Retain(IReadOnlySet<string> names)
    {
        foreach (string name in _health.Keys)
        {
            if (!names.Contains(name))
            {
                _ = _health.TryRemove(name, out _);
            }
        }
    }
}
