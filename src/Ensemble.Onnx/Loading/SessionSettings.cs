namespace Ensemble.Onnx;

/// <summary>How a model's session is made.</summary>
/// <param name="Threads">The threads of one pass; <see langword="null"/> leaves them to the runtime.</param>
/// <param name="AllowSpinning">Whether idle threads spin for a while before they sleep; <see langword="null"/> leaves it to the runtime.</param>
/// <param name="Provider">The execution provider; <see langword="null"/> takes what the model's folder asks for, if this runtime has it.</param>
/// <param name="AllLogits">Whether a pass gives the logits of all its positions where the last ones would do.</param>
internal readonly record struct SessionSettings(int? Threads = null, bool? AllowSpinning = null, string? Provider = null, bool? AllLogits = null)
{
    internal static SessionSettings Of(LocalModelOptions options) => new(options.Threads, options.AllowSpinning, options.ExecutionProvider, options.AllLogits);

    /// <summary>Fills in what is not set.</summary>
    internal SessionSettings Or(SessionSettings other) => new(Threads ?? other.Threads, AllowSpinning ?? other.AllowSpinning, Provider ?? other.Provider, AllLogits ?? other.AllLogits);
}
