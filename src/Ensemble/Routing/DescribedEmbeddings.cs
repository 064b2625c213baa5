using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>An embedding model of which it is known where it runs and what it promises about data.</summary>
internal sealed class DescribedEmbeddings(IEmbeddingGenerator<string, Embedding<float>> inner, SelectionMember description) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
{
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(SelectionMember) ? description : base.GetService(serviceType, serviceKey);
}
