using Microsoft.Extensions.DependencyInjection;

namespace Ensemble;

/// <summary>Collects what an ensemble is made of; <c>AddEnsemble</c> returns it.</summary>
public interface IEnsembleBuilder
{
    /// <summary>Gets the services that the ensemble is registered in.</summary>
    IServiceCollection Services { get; }
}
