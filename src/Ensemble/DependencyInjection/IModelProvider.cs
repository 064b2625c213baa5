using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Makes the clients of one kind of model; packages register theirs (<c>AddLocalModels()</c> registers <c>local</c>).</summary>
public interface IModelProvider
{
    /// <summary>Gets the name that stands under <c>Provider</c> in the configuration, for instance <c>local</c>.</summary>
    string Name { get; }

    /// <summary>Gets the settings that the provider understands beside those of the engine; any other key in the configuration is an error.</summary>
    IReadOnlyCollection<string> SettingNames { get; }

    /// <summary>Says what is wrong with a model's settings, without making or loading anything; all of it is reported together with the other errors of the configuration.</summary>
    /// <param name="model">The model as it is configured.</param>
    /// <returns>One message a problem, with the setting's path, its value and the fix; none by default: <see cref="CreateClient"/> then says it.</returns>
    IEnumerable<string> CheckSettings(ModelRegistration model) => [];

    /// <summary>Makes the client of one model; the container disposes it.</summary>
    /// <param name="model">The model as it is configured.</param>
    /// <param name="services">The application's services.</param>
    /// <returns>The client.</returns>
    /// <exception cref="EnsembleException">A setting is wrong; the message names it, its value and the fix.</exception>
    IChatClient CreateClient(ModelRegistration model, IServiceProvider services);

    /// <summary>Gets whether the models compute in this process; they then satisfy every rule about places and data, and cost nothing.</summary>
    bool RunsInProcess => false;

    /// <summary>Gets whether the models run on hardware of one's own; they then count as local, and cost nothing unless a price is set.</summary>
    bool IsSelfHosted => false;

    /// <summary>Says what the provider knows of a model that the catalog does not list; nothing is loaded for that.</summary>
    /// <param name="model">The model as it is configured.</param>
    /// <returns>The card, or <see langword="null"/> when the provider knows nothing.</returns>
    ModelCard? FindCard(ModelRegistration model) => null;
}
