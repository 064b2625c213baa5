using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>A provider of fake models that say "a" to everything.</summary>
internal sealed class FakeProvider : IModelProvider
{
    public Dictionary<string, FakeClient> Made { get; } = [];

    public string Name => "fake";

    public IReadOnlyCollection<string> SettingNames => ["Temperament"];

    public IChatClient CreateClient(ModelRegistration model, IServiceProvider services) => Made[model.Name] = FakeClient.Says("a");
}
