using System.Diagnostics;

namespace Ensemble;

/// <summary>One hosted model with everything that is known about it before the first call; immutable.</summary>
[DebuggerDisplay("{Name}: {Preset.Name}/{ModelId}")]
internal sealed class HostedModel
{
    public required string Name { get; init; }

    public required ProviderPreset Preset { get; init; }

    public required string ModelId { get; init; }

    public required Uri Endpoint { get; init; }

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public required ICredential Credential { get; init; }

    public required Dialect Dialect { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The model's card; <see langword="null"/> when the catalog does not know the model.</summary>
    public ModelCard? Card { get; init; }

    /// <summary>The longest silence of a stream, and the longest time of a whole answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Whether an option that cannot be honoured is refused instead of dropped with a note.</summary>
    public bool StrictOptions { get; init; }

    /// <summary>What can be asked of this model: what the SDK's adapter passes on, less what the provider is known to lack.</summary>
    public HostedOptions Supported => Dialect.Passes & ~Preset.Lacks;

    public ProviderException CreateException(Failure failure, string what, int status, string? code, string? requestId, Exception? cause) =>
        new(
            Credential.Redact($"Model '{Name}' ({Preset.Name}/{ModelId}) {what}: {failure}."),
            cause is not null && Credential.IsShownBy(cause.ToString()) ? null : cause)
        {
            Failure = failure,
            StatusCode = status,
            Code = code is null ? null : Credential.Redact(code),
            RequestId = requestId,
        };

    public override string ToString() => $"{Name}: {Preset.Name}/{ModelId}";
}
