using Ensemble;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Says in code which hosted model is meant: <c>AddModel("mini", m =&gt; m.OpenAI("gpt-5-mini"))</c>.</summary>
public static class HostedModelOptionsExtensions
{
    /// <summary>A model at OpenAI; its key is found as <see cref="Hosted"/> says.</summary>
    /// <param name="options">The model.</param>
    /// <param name="model">OpenAI's id of the model.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions OpenAI(this ModelOptions options, string model) => options.Hosted("openai", model);

    /// <summary>A model at Azure AI Foundry, through its <c>/openai/v1/</c>.</summary>
    /// <param name="options">The model.</param>
    /// <param name="resource">The name of the resource, the first part of its address.</param>
    /// <param name="deployment">The name of the deployment.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions Azure(this ModelOptions options, string resource, string deployment) =>
        options.Hosted("azure", deployment).With("Resource", resource);

    /// <summary>A model at Anthropic.</summary>
    /// <param name="options">The model.</param>
    /// <param name="model">Anthropic's id of the model.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions Anthropic(this ModelOptions options, string model) => options.Hosted("anthropic", model);

    /// <summary>A model that Ollama runs, on this machine unless another address is given.</summary>
    /// <param name="options">The model.</param>
    /// <param name="model">Ollama's name of the model.</param>
    /// <param name="endpoint">The address of the server; <see langword="null"/> is <c>http://localhost:11434</c>.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions Ollama(this ModelOptions options, string model, Uri? endpoint = null) =>
        endpoint is null ? options.Hosted("ollama", model) : options.Hosted("ollama", model).At(endpoint);

    /// <summary>A model behind any server that speaks OpenAI's chat completions.</summary>
    /// <param name="options">The model.</param>
    /// <param name="endpoint">The base address, up to and with <c>/v1</c> where there is one.</param>
    /// <param name="model">The server's id of the model.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions OpenAICompatible(this ModelOptions options, Uri endpoint, string model) =>
        options.Hosted("openai-compatible", model).At(endpoint);

    /// <summary>
    /// A model at any provider of <see cref="ProviderPresets"/>. The key is the setting <c>ApiKey</c>, else the provider's variable in the
    /// configuration (user secrets among it), else in the environment.
    /// </summary>
    /// <param name="options">The model.</param>
    /// <param name="provider">The provider's name.</param>
    /// <param name="model">The provider's id of the model.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions Hosted(this ModelOptions options, string provider, string model)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(provider);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        options.Provider = provider;
        options.Model = model;
        return options;
    }

    /// <summary>Sets another base address.</summary>
    /// <param name="options">The model.</param>
    /// <param name="endpoint">The address.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions At(this ModelOptions options, Uri endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return options.With("Endpoint", endpoint.AbsoluteUri);
    }

    /// <summary>Sets one setting as it would stand in the configuration.</summary>
    /// <param name="options">The model.</param>
    /// <param name="setting">The name of the setting, for instance <c>TimeoutSeconds</c>.</param>
    /// <param name="value">Its value.</param>
    /// <returns><paramref name="options"/>.</returns>
    public static ModelOptions With(this ModelOptions options, string setting, string value)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(setting);
        ArgumentNullException.ThrowIfNull(value);
        options.Settings[setting] = value;
        return options;
    }
}
