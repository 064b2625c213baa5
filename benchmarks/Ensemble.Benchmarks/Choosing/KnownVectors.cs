using Microsoft.Extensions.AI;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>Gives texts the vectors that were computed for them before, so that each text is embedded once for all draws.</summary>
internal sealed class KnownVectors(Dictionary<string, ReadOnlyMemory<float>> vectors) : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(value => new Embedding<float>(vectors[value]))));

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
