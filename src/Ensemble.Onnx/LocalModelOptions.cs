using System.Globalization;

namespace Ensemble.Onnx;

/// <summary>Which local model to use and how; the settings of loading and memory are shared by all clients of one model folder.</summary>
public sealed class LocalModelOptions
{
    /// <summary>Gets the model: the name of one that an <c>Ensemble.Models</c> package put beside the application, or the path of a folder that ONNX Runtime GenAI loads.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the LoRA adapter that changes the model for this client: a file of the model's folder by name, or another <c>.onnx_adapter</c> file by its path. Clients with different adapters share one loaded model.</summary>
    /// <value>The default value is <see langword="null"/>: the model as it is.</value>
    public string? Adapter { get; init; }

    /// <summary>Gets how a conversation becomes text.</summary>
    /// <value>The default value is <see cref="LocalTemplate.Model"/>.</value>
    public LocalTemplate Template { get; init; }

    /// <summary>Gets the limit of an answer, in tokens, for requests that set none; memory is taken for prompt and limit.</summary>
    /// <value>The default value is 512.</value>
    public int MaxOutputTokens { get; init; } = 512;

    /// <summary>Gets the temperature for requests that set none, at least 0; 0 takes the most probable token each time.</summary>
    /// <value>The default value is <see langword="null"/>: as the model's makers recommend in <c>genai_config.json</c>, 0 for the shipped model.</value>
    public float? Temperature { get; init; }

    /// <summary>Gets how many bytes of prompts already read are kept for later requests; 0 keeps none.</summary>
    /// <value>The default value is 1 GiB.</value>
    public long MaxCacheBytes { get; init; } = 1L << 30;

    /// <summary>Gets how many requests of one model run at the same time; the others wait in the order of their arrival.</summary>
    /// <value>The default value is 1: on a processor several are no faster in all.</value>
    public int MaxConcurrency { get; init; } = 1;

    /// <summary>Gets how many requests of one model may wait; one more is refused with <see cref="ModelBusyException"/>.</summary>
    /// <value>The default value is 256.</value>
    public int MaxQueue { get; init; } = 256;

    /// <summary>Gets how many threads one pass of the model uses.</summary>
    /// <value>The default value is <see langword="null"/>: the runtime decides, one a core.</value>
    public int? Threads { get; init; }

    /// <summary>Gets whether idle threads of the model spin for a moment before they sleep: faster single answers, at the cost of a busy processor between passes.</summary>
    /// <value>The default value is <see langword="null"/>: the runtime decides, which spins.</value>
    public bool? AllowSpinning { get; init; }

    /// <summary>Gets the execution provider by its name in <c>genai_config.json</c>, for instance <c>cpu</c>, <c>cuda</c> or <c>dml</c>; one that the native runtime does not have is refused.</summary>
    /// <value>The default value is <see langword="null"/>: those that the model's folder asks for if the runtime has them, else the processor.</value>
    public string? ExecutionProvider { get; init; }

    /// <summary>Gets whether a pass computes the logits of all its positions: needed only to score continuations of many tokens fast, in one pass instead of one a token.</summary>
    /// <value>The default value is <see langword="null"/>: the last position only, where the graph has an input for that (<c>num_logits_to_keep</c>), as that of the shipped model has; prompts are then read about a fifth faster.</value>
    public bool? AllLogits { get; init; }

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Model))
        {
            throw new ModelLoadException($"{nameof(Model)} is {Model}: give the name of a shipped model or a folder.");
        }

        if (Problems().FirstOrDefault() is { } problem)
        {
            throw new ModelLoadException(problem);
        }
    }

    /// <summary>Says which settings beside the model's name are out of range, each with the fix.</summary>
    internal IEnumerable<string> Problems()
    {
        (bool IsValid, string Setting, object? Value, string Allowed)[] rules =
        [
            (Enum.IsDefined(Template), nameof(Template), Template, "Model or None"),
            (MaxOutputTokens >= 1, nameof(MaxOutputTokens), MaxOutputTokens, "at least 1"),
            (Temperature is null or (>= 0 and < float.PositiveInfinity), nameof(Temperature), Temperature, "at least 0"),
            (MaxCacheBytes >= 0, nameof(MaxCacheBytes), MaxCacheBytes, "at least 0"),
            (MaxConcurrency is >= 1 and <= 1024, nameof(MaxConcurrency), MaxConcurrency, "from 1 to 1024"),
            (MaxQueue >= 0, nameof(MaxQueue), MaxQueue, "at least 0"),
            (Adapter is null || !string.IsNullOrWhiteSpace(Adapter), nameof(Adapter), Adapter, "a file or leave it out"),
            (ExecutionProvider is null || !string.IsNullOrWhiteSpace(ExecutionProvider), nameof(ExecutionProvider), ExecutionProvider, "a name such as cpu or cuda, or leave it out"),
            (Threads is null or (>= 1 and <= 1024), nameof(Threads), Threads, "from 1 to 1024"),
        ];
        return rules.Where(rule => !rule.IsValid).Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Setting} is {rule.Value}: give {rule.Allowed}."));
    }
}
