using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>The client of a provider, shared by the generations of a configuration that register it alike; the last one disposes it.</summary>
internal sealed class SharedLeaf(ModelRegistration model, Func<IServiceProvider, IChatClient>? own, IChatClient client)
{
    private int _holders;

    public IChatClient Client { get; } = client;

    /// <summary>Says whether a registration asks for the same client. What its user knows of the model does not matter to the client.</summary>
    public bool Fits(ModelRegistration other, Func<IServiceProvider, IChatClient>? otherOwn) =>
        own == otherOwn && AreSame(model, other);

    /// <summary>Says whether two registrations make the same client.</summary>
    public static bool AreSame(ModelRegistration model, ModelRegistration other) =>
        model.Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase)
        && model.Provider.Equals(other.Provider, StringComparison.OrdinalIgnoreCase)
        && model.Model == other.Model
        && model.Settings.Count == other.Settings.Count
        && model.Settings.All(pair => other.Settings.TryGetValue(pair.Key, out string? value) && value == pair.Value);

    public void Hold_NeedsLock() => _holders++;

    /// <summary>Says whether nobody holds the client any more.</summary>
    public bool Release_NeedsLock() => --_holders == 0;
}
