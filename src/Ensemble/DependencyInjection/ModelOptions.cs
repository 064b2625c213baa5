namespace Ensemble;

/// <summary>What a model is made of when it is added in code.</summary>
public sealed class ModelOptions
{
    /// <summary>Gets or sets the name of the <see cref="IModelProvider"/> that makes the client, for instance <c>local</c>.</summary>
    /// <value>The default value is <see langword="null"/>; a model without a provider is a configuration error.</value>
    public string? Provider { get; set; }

    /// <summary>Gets or sets the provider's own id of the model; for a local model the name of a shipped model or a folder.</summary>
    /// <value>The default value is <see langword="null"/>: the provider's default, if it has one.</value>
    public string? Model { get; set; }

    /// <summary>Gets the provider's further settings by name, without regard to case; the values as they would stand in the configuration.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
