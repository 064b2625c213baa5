namespace Ensemble.Onnx;

/// <summary>A folder that holds a model in the runtime's layout.</summary>
internal sealed class ModelFolder
{
    private const string TokenizerFile = "tokenizer.json";
    private const string TokenizerConfigFile = "tokenizer_config.json";

    private ModelFolder(string path, GenAIConfig config)
    {
        Path = path;
        Config = config;
        RopeLimit = Onnx.RopeLimit.Find(config.Type, System.IO.Path.Combine(path, config.DecoderFile));
    }

    /// <summary>The folder itself, whatever links led to it.</summary>
    internal string Path { get; }

    internal string Name => System.IO.Path.GetFileName(Path);

    internal GenAIConfig Config { get; }

    /// <summary>The length at which a model with long rope changes all its angles; <see langword="null"/> without one.</summary>
    internal int? RopeLimit { get; }

    internal string TokenizerPath => System.IO.Path.Combine(Path, TokenizerFile);

    internal string TokenizerConfigPath => System.IO.Path.Combine(Path, TokenizerConfigFile);

    /// <summary>The folder beside the application that <c>Ensemble.Models.*</c> packages put their models into.</summary>
    internal static string ShippedRoot => System.IO.Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Finds an encoder: the folder of a shipped one, else the folder that is named.</summary>
    internal static string FindEncoder(string model)
    {
        string shipped = System.IO.Path.Combine(ShippedRoot, model);
        return Directory.Exists(shipped) ? shipped : model;
    }

    /// <summary>Finds a model by the name of a shipped one or by its folder, and checks that its files are there.</summary>
    internal static ModelFolder Open(string model)
    {
        string path = Locate(model);
        Require(path, GenAIConfig.FileName, "The folder is not in the layout of ONNX Runtime GenAI: export the model with 'python -m onnxruntime_genai.models.builder'.");
        GenAIConfig config = GenAIConfig.Read(path);
        Require(path, config.DecoderFile, $"{GenAIConfig.FileName} names it as the decoder: copy the model's folder whole.");
        Require(path, TokenizerFile, "A model needs its tokenizer: copy the model's folder whole.");
        Require(path, TokenizerConfigFile, "A model needs its tokenizer's configuration: copy the model's folder whole.");
        return new ModelFolder(path, config);
    }

    internal static IEnumerable<string> ShippedNames() =>
        Directory.Exists(ShippedRoot)
            ? Directory.EnumerateDirectories(ShippedRoot).Where(folder => File.Exists(System.IO.Path.Combine(folder, GenAIConfig.FileName))).Select(folder => System.IO.Path.GetFileName(folder)).Order(StringComparer.Ordinal)
            : [];

    /// <summary>Finds an adapter of the model: a file of its folder, or any other by its path.</summary>
    /// <exception cref="ModelLoadException">There is no such file.</exception>
    internal string FindAdapter(string adapter)
    {
        string path = System.IO.Path.GetFullPath(adapter, Path);
        return File.Exists(path) ? path : throw new ModelLoadException(
            $"There is no adapter '{path}': Adapter takes the name of a file in the model's folder, or the path of an .onnx_adapter file made for this model.")
        { Path = path };
    }

    /// <summary>Says why there is no model of a name; <see langword="null"/> when there is, and for a folder, which may still come.</summary>
    internal static string? ProblemWithName(string model)
    {
        if (System.IO.Path.IsPathRooted(model) || model.Contains('/', StringComparison.Ordinal) || model.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            _ = Locate(model);
            return null;
        }
        catch (ModelLoadException missing)
        {
            return missing.Message;
        }
    }

    private static string Locate(string model)
    {
        bool isPath = System.IO.Path.IsPathRooted(model) || model.Contains('/', StringComparison.Ordinal) || model.Contains('\\', StringComparison.Ordinal);
        string path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(isPath ? model : System.IO.Path.Combine(ShippedRoot, model)));
        if (!isPath && !Directory.Exists(path) && !string.IsNullOrWhiteSpace(model))
        {
            path = LocalModelStore.FindFolder(model) ?? path;
        }

        if (Directory.Exists(path))
        {
            return WithoutLinks(path);
        }

        string shipped = string.Join(", ", ShippedNames().Concat(LocalModelStore.ListNames()));
        throw new ModelLoadException(isPath
            ? $"There is no model folder '{path}': give the folder that holds {GenAIConfig.FileName}."
            : $"There is no model '{model}' in '{ShippedRoot}' ({(shipped.Length > 0 ? $"there: {shipped}" : "it holds none")}): reference its Ensemble.Models package, add it with 'ensemble models add', or give the path of a model folder.")
        {
            Path = path,
        };
    }

    // Two ways to one folder must not load its model twice.
    private static string WithoutLinks(string path)
    {
        if (System.IO.Path.GetDirectoryName(path) is not { } parent)
        {
            return path;
        }

        string here = System.IO.Path.Combine(WithoutLinks(parent), System.IO.Path.GetFileName(path));
        return Directory.ResolveLinkTarget(here, returnFinalTarget: true) is { } target ? WithoutLinks(System.IO.Path.TrimEndingDirectorySeparator(target.FullName)) : here;
    }

    private static void Require(string folder, string file, string fix)
    {
        string path = System.IO.Path.Combine(folder, file);
        if (!File.Exists(path))
        {
            throw new ModelLoadException($"'{path}' is missing. {fix}") { Path = path };
        }
    }
}
