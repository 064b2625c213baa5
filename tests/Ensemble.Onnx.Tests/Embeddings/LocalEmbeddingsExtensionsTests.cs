using Ensemble.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Onnx.Tests.Embeddings;

public sealed class LocalEmbeddingsExtensionsTests
{
    [Test]
    public async Task AddLocalEmbeddings_ShippedModel_IsKeyedByNameAndTheDefault()
    {
        Builder builder = new();
        builder.AddLocalEmbeddings("e5", E5Small.Name, o => o.MaxTokens = 16);
        await using ServiceProvider services = builder.Services.BuildServiceProvider();

        var keyed = services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("e5");

        Assert.That(services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>(), Is.SameAs(keyed));
        Assert.That(await keyed.GenerateAsync(["hello"]), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task AddLocalEmbeddings_UnknownModel_FailsOnFirstUseWithATypedError()
    {
        Builder builder = new();
        builder.AddLocalEmbeddings("e5", "no-such-model");
        await using ServiceProvider services = builder.Services.BuildServiceProvider();

        Assert.That(
            () => services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("e5"),
            Throws.TypeOf<ModelLoadException>().With.Message.Contains("no-such-model"));
    }

    private sealed class Builder : IEnsembleBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}
