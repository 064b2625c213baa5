using Microsoft.Extensions.AI;

namespace Ensemble.AotSmoke;

/// <summary>Models that answer with their own id.</summary>
internal sealed class EchoProvider : IModelProvider
{
    public string Name => "echo";

    public IReadOnlyCollection<string> SettingNames => [];

    public IChatClient CreateClient(ModelRegistration model, IServiceProvider services) => new EchoClient(model.Model ?? "");
}
