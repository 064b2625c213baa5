using System.Globalization;

namespace Ensemble.Cli;

/// <summary>One way to run a local model.</summary>
/// <param name="Threads">The threads of one pass.</param>
/// <param name="AllowSpinning">Whether idle threads spin before they sleep.</param>
/// <param name="ExecutionProvider">The execution provider.</param>
internal sealed record SessionChoice(int Threads, bool AllowSpinning, string ExecutionProvider)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ExecutionProvider}, {Threads} {(Threads == 1 ? "thread" : "threads")}, {(AllowSpinning ? "spinning" : "sleeping")}");
}
