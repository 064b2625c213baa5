namespace Ensemble;

/// <summary>One model as it is registered, in code or in the configuration.</summary>
public sealed class ModelRegistration
{
    /// <summary>The provider name of a model whose client the application makes itself; no package can register it.</summary>
    internal const string OwnClient = "(own client)";

    /// <summary>Gets the name under which the model is registered, and the key of its <c>IChatClient</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the name of the <see cref="IModelProvider"/> that makes the client.</summary>
    public required string Provider { get; init; }

    /// <summary>Gets the provider's own id of the model; for a local model the name of a shipped model or a folder.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the provider's settings by name, without regard to case; the values as written in the configuration.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets where the model is registered, for error messages: a configuration path or <c>AddModel("name")</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Gets where the model runs, when that is more than one place; each is named <c>model/deployment</c>. Empty for one place.</summary>
    public IReadOnlyList<ModelRegistration> Deployments { get; init; } = [];

    /// <summary>Gets what its user knows of the model.</summary>
    internal ModelOptions Facts { get; init; } = new();
}
