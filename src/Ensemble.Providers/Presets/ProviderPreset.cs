namespace Ensemble;

/// <summary>What is known about one provider: where it is, how it wants to be asked, and what it lacks. Immutable data.</summary>
public sealed class ProviderPreset
{
    /// <summary>Gets the name that stands under <c>Provider</c> in the configuration and before the slash on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the provider's name as people write it.</summary>
    public required string Title { get; init; }

    /// <summary>Gets the protocol: <c>chat</c> (OpenAI's chat completions), <c>messages</c> (Anthropic's) or <c>ollama</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Gets the pattern of the base address; a word in braces is a setting, <c>{Region}</c> for instance. Empty when the whole address is a setting.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Gets the environment variable, or configuration key, that holds the key; <see langword="null"/> when none is needed.</summary>
    public string? KeyVariable { get; init; }

    /// <summary>Gets whether the provider answers without a key.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool KeyOptional { get; init; }

    /// <summary>Gets the header that holds the key; <see langword="null"/> means a bearer token.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>Gets the scope of a Microsoft Entra token; <see langword="null"/> when the provider takes none.</summary>
    public string? TokenScope { get; init; }

    /// <summary>Gets the name of the field that limits the output.</summary>
    public required string OutputLimitField { get; init; }

    /// <summary>Gets whether the provider also offers OpenAI's responses.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Responses { get; init; }

    /// <summary>Gets what the provider is known to lack although its protocol has it.</summary>
    /// <value>The default value is <see cref="HostedOptions.None"/>.</value>
    public HostedOptions Lacks { get; init; }

    /// <summary>Gets the exact length that the provider wants of tool-call ids, letters and digits only; <see langword="null"/> when it takes any of up to 40.</summary>
    public int? ToolCallIdLength { get; init; }

    /// <summary>Gets whether the models run on the user's own machines, so that a request costs nothing unless a price is set.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool SelfHosted { get; init; }

    /// <summary>Gets where each fact comes from, by the fact's name: the public documentation, on the table's date.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string ToString() => Name;
}
