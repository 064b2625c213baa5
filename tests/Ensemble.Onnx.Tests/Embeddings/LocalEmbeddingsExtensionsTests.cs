using Ensemble.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
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

    [TestCase("MaxTokens", "513", "from 3 to 512")]
    [TestCase("MaxTokens", "many", "Ensemble:Embeddings:e5:MaxTokens is 'many'")]
    public async Task Configuration_LengthThatTheModelCannotRead_IsAnErrorThatNamesTheSetting(string setting, string value, string said)
    {
        ServiceCollection services = new();
        Dictionary<string, string?> settings = new() { ["Ensemble:Embeddings:e5:Provider"] = "local", ["Ensemble:Embeddings:e5:Model"] = E5Small.Name, [$"Ensemble:Embeddings:e5:{setting}"] = value };
        services.AddEnsemble(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddLocalModels();
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("e5"), Throws.Exception.With.Message.Contains(said).And.Message.Contains("MaxTokens"));
    }

    private sealed class Builder : IEnsembleBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}
