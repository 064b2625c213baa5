namespace Ensemble.Onnx;

/// <summary>A model folder: its files, its window, and what its runtime can do once it has been loaded.</summary>
public sealed class LocalModelInfo
{
    private readonly ModelFolder _folder;

    internal LocalModelInfo(ModelFolder folder, LocalModelCapabilities? capabilities, string? executionProvider = null)
    {
        ExecutionProvider = executionProvider;
        _folder = folder;
        Capabilities = capabilities;
    }

    /// <summary>Gets the model's name: that of its folder.</summary>
    public string Name => _folder.Name;

    /// <summary>Gets the full path of the folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>Gets the family of the architecture, for instance <c>llama</c>.</summary>
    public string Architecture => _folder.Config.Type;

    /// <summary>Gets the window in tokens that prompt and answer share.</summary>
    public int ContextWindow => _folder.Config.ContextLength;

    /// <summary>Gets the number of tokens of the vocabulary.</summary>
    public int VocabularySize => _folder.Config.VocabularySize;

    /// <summary>Gets what the runtime can do with the model; <see langword="null"/> before it is loaded (<see cref="LocalChatClient.LoadAsync"/>).</summary>
    public LocalModelCapabilities? Capabilities { get; }

    /// <summary>Gets the execution provider that the model runs on, for instance <c>cpu</c>; <see langword="null"/> before it is loaded.</summary>
    public string? ExecutionProvider { get; }

    /// <summary>Gets the names of the folder's LoRA adapters, which <see cref="LocalModelOptions.Adapter"/> takes.</summary>
    public IReadOnlyList<string> Adapters => [.. Files.Where(file => file.Extension == ".onnx_adapter").Select(file => file.Name)];

    /// <summary>Gets the folder's files, by name.</summary>
    public IReadOnlyList<FileInfo> Files => [.. new DirectoryInfo(_folder.Path).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)];

    /// <summary>Gets the names of the models that <c>Ensemble.Models</c> packages put beside the application.</summary>
    /// <returns>The names in order; empty when there is none.</returns>
    public static IReadOnlyList<string> ListShipped() => [.. ModelFolder.ShippedNames()];

    /// <summary>Reads a model folder without loading the model.</summary>
    /// <param name="model">The name of a shipped model or the path of a folder.</param>
    /// <returns>What the folder holds.</returns>
    /// <exception cref="ModelLoadException">The folder or one of its files is missing or malformed.</exception>
    public static LocalModelInfo Read(string model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        return new LocalModelInfo(ModelFolder.Open(model), null);
    }
}
