using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Ensemble;

/// <summary>A key that no text, debugger or serialiser shows by accident: only <see cref="Reveal"/> gives it away.</summary>
[DebuggerDisplay("***")]
internal sealed class Secret
{
    private const string Mask = "***";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _value;

    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value.Trim();
    }

    public string Reveal() => _value;

    /// <summary>Replaces the key in a text that a server or an SDK wrote.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public string? Redact(string? text) => text?.Replace(_value, Mask, StringComparison.Ordinal);

    public override string ToString() => Mask;
}
