using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>Makes the clients of the models whose provider is <c>local-classifier</c>.</summary>
internal sealed class LocalClassifierProvider : IModelProvider
{
    internal const string ProviderName = "local-classifier";

    public string Name => ProviderName;

    public bool RunsInProcess => true;

    public IReadOnlyCollection<string> SettingNames => EncoderSettings.Names;

    public IEnumerable<string> CheckSettings(ModelRegistration model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return EncoderSettings.Bind(model, new OnnxEncoderOptions());
    }

    public IChatClient CreateClient(ModelRegistration model, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxEncoderOptions options = new();
        EncoderSettings.Require(EncoderSettings.Bind(model, options));
        return EncoderSettings.Load(model, folder => new OnnxClassifier(folder, options));
    }

    public ModelCard? FindCard(ModelRegistration model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ModelCard { Id = model.Model ?? "", Capabilities = ModelCapabilities.LogProbabilities, EnergyClass = EnergyClass.Tiny };
    }
}
