using System.ComponentModel.DataAnnotations;

namespace Ensemble.Onnx;

/// <summary>How a local encoder is run, whatever it computes.</summary>
public class OnnxEncoderOptions
{
    /// <summary>Gets or sets the most tokens of one input, the marks around it included; what is longer is cut at its end.</summary>
    /// <value>The default value is <see langword="null"/>: the most that the model can read, as its files say (512 for the shipped one). More than that is refused. Memory grows with the square of the length: set it for a model that reads thousands of tokens.</value>
    [Range(3, 1_000_000)]
    public int? MaxTokens { get; set; }

    /// <summary>Gets or sets the most inputs that the model reads at once; more are read one batch after another.</summary>
    /// <value>The default value is 32. Long inputs make smaller batches, so that memory stays bounded.</value>
    [Range(1, 1024)]
    public int MaxBatchSize { get; set; } = 32;

    /// <summary>Gets or sets the threads of one batch; 0 leaves the number to the runtime, which takes one a core.</summary>
    /// <value>The default value is 0.</value>
    [Range(0, 1024)]
    public int Threads { get; set; }

    /// <summary>Gets or sets how many batches are computed at the same time; further ones wait in their order, so that a long call lets short ones through between its batches.</summary>
    /// <value>The default value is 1, since one batch already uses every core.</value>
    [Range(1, 1024)]
    public int MaxConcurrency { get; set; } = 1;

    /// <summary>Gets or sets how many calls may wait; one more is refused with a <see cref="ModelBusyException"/>.</summary>
    /// <value>The default value is 1,024.</value>
    [Range(0, 1_000_000)]
    public int MaxQueueLength { get; set; } = 1024;

    internal void Check()
    {
        if (MaxTokens is { } tokens)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 3, nameof(MaxTokens));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxQueueLength);
    }
}
