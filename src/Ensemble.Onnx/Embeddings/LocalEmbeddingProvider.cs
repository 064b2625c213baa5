using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>Makes the embedding models whose provider is <c>local</c>.</summary>
internal sealed class LocalEmbeddingProvider : IEmbeddingProvider
{
    public string Name => LocalModelProvider.ProviderName;

    public bool RunsInProcess => true;

    public IReadOnlyCollection<string> SettingNames { get; } = [nameof(OnnxEmbeddingOptions.Prefix), .. EncoderSettings.Names];

    public IEnumerable<string> CheckSettings(ModelRegistration model) => EncoderSettings.Bind(model, new OnnxEmbeddingOptions());

    public IEmbeddingGenerator<string, Embedding<float>> CreateGenerator(ModelRegistration model, IServiceProvider services)
    {
        OnnxEmbeddingOptions options = new() { Prefix = model.Settings.GetValueOrDefault(nameof(OnnxEmbeddingOptions.Prefix)) };
        EncoderSettings.Require(EncoderSettings.Bind(model, options));
        return EncoderSettings.Load(model, folder => new OnnxEmbeddingGenerator(folder, options));
    }
}
