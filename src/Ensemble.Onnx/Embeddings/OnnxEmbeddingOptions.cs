using System.ComponentModel.DataAnnotations;

namespace Ensemble.Onnx;

/// <summary>How a local embedding model is run.</summary>
public sealed class OnnxEmbeddingOptions
{
    /// <summary>The prefix that the E5 models were trained with for questions, and for both sides of a comparison of like with like.</summary>
    public const string QueryPrefix = "query: ";

    /// <summary>The prefix that the E5 models were trained with for the documents that questions look for.</summary>
    public const string PassagePrefix = "passage: ";

    /// <summary>Gets or sets the text that is put before each input.</summary>
    /// <value>The default value is <see cref="QueryPrefix"/>. Empty for a model that was trained without one.</value>
    public string Prefix { get; set; } = QueryPrefix;

    /// <summary>Gets or sets the most tokens of one input, its prefix and the two marks at its ends included; what is longer is cut at its end.</summary>
    /// <value>The default value is 512, the most that multilingual-e5-small can read.</value>
    [Range(3, 512)]
    public int MaxTokens { get; set; } = 512;

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
}
