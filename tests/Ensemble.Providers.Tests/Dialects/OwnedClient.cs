using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>A client that takes its container along when it is disposed.</summary>
internal sealed class OwnedClient(ServiceProvider services, string name) : DelegatingChatClient(services.GetRequiredKeyedService<IChatClient>(name))
{
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            services.Dispose();
        }

        base.Dispose(disposing);
    }
}
