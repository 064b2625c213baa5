using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble;

/// <summary>The builder that <c>AddEnsemble</c> returns; it lives among the services so that a second call continues the first.</summary>
internal sealed class EnsembleBuilder(IServiceCollection services) : IEnsembleBuilder
{
    public IServiceCollection Services { get; } = services;

    /// <summary>Gets the configurations that are bound already.</summary>
    public HashSet<IConfiguration> Bound { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Gets what the application puts around clients, by name.</summary>
    public Dictionary<string, List<Action<ChatClientBuilder>>> Pipelines { get; } = new(StringComparer.OrdinalIgnoreCase);
}
