namespace Ensemble.Onnx;

/// <summary>How a local embedding model is run.</summary>
public sealed class OnnxEmbeddingOptions : OnnxEncoderOptions
{
    /// <summary>The prefix that the E5 models were trained with for questions, and for both sides of a comparison of like with like.</summary>
    public const string QueryPrefix = "query: ";

    /// <summary>The prefix that the E5 models were trained with for the documents that questions look for.</summary>
    public const string PassagePrefix = "passage: ";

    /// <summary>Gets or sets the text that is put before each input.</summary>
    /// <value>
    /// The default value is <see langword="null"/>: <see cref="QueryPrefix"/> for the shipped model and for one whose folder, or <c>_name_or_path</c> in <c>config.json</c>,
    /// names E5; else the prompt that <c>config_sentence_transformers.json</c> names as <c>default_prompt_name</c>; else none.
    /// </value>
    public string? Prefix { get; set; }
}
