using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>A model in memory with all that its requests share.</summary>
internal sealed class LoadedModel : IDisposable
{
    private readonly ConcurrentDictionary<int, string> _texts = new();

    private LoadedModel(ModelFolder folder, Model model, string provider, Tokenizer tokenizer, TokenizerFile file, LocalModelCapabilities capabilities, long maxCacheBytes)
    {
        Folder = folder;
        Model = model;
        Provider = provider;
        Adapters = new ModelAdapters(model);
        Tokenizer = tokenizer;
        File = file;
        Capabilities = capabilities;
        Prompts = new PromptEncoder(tokenizer, file, folder.Name);
        Pool = new PrefixPool(model, Adapters, folder, capabilities, maxCacheBytes);
    }

    internal ModelFolder Folder { get; }

    internal GenAIConfig Config => Folder.Config;

    internal Model Model { get; }

    /// <summary>The execution provider that the model runs on.</summary>
    internal string Provider { get; }

    internal ModelAdapters Adapters { get; }

    internal Tokenizer Tokenizer { get; }

    internal LocalModelCapabilities Capabilities { get; }

    internal TokenizerFile File { get; }

    internal PromptEncoder Prompts { get; }

    internal PrefixPool Pool { get; }

    /// <summary>Loads a model and tries what it can do, unless that is given; errors of the native runtime become typed ones.</summary>
    internal static LoadedModel Load(ModelFolder folder, SessionSettings settings, long maxCacheBytes, LocalModelCapabilities? capabilities = null)
    {
        TokenizerFile file = TokenizerFile.Read(folder.TokenizerPath);
        Model? model = null;
        Tokenizer? tokenizer = null;
        try
        {
            (model, string provider) = ModelLoading.Load(folder, settings);
            tokenizer = LoadTokenizer(model);
            return new LoadedModel(folder, model, provider, tokenizer, file, capabilities ?? CapabilityProbe.Run(model, folder.Config), maxCacheBytes);
        }
        catch (Exception error)
        {
            tokenizer?.Dispose();
            model?.Dispose();
            if (error is OnnxRuntimeGenAIException)
            {
                string path = model is null ? Path.Combine(folder.Path, folder.Config.DecoderFile) : tokenizer is null ? folder.TokenizerConfigPath : Path.Combine(folder.Path, GenAIConfig.FileName);
                throw new ModelLoadException(
                    $"The runtime cannot load '{path}': {error.Message} Check that the model's folder was copied whole (weights beside it included) and was exported for this version of ONNX Runtime GenAI ({NativeRuntime.GenAIVersion()}).", error)
                {
                    Path = path,
                };
            }

            if (error is DllNotFoundException or TypeInitializationException or BadImageFormatException or EntryPointNotFoundException)
            {
                throw new ModelLoadException(
                    $"The native runtime is missing or of another version: reference an Ensemble.Models package, or one of Microsoft.ML.OnnxRuntimeGenAI (CPU), .Cuda or .DirectML of version {NativeRuntime.GenAIVersion()}.", error);
            }

            throw;
        }
    }

    /// <summary>Returns the text of a single token; control tokens have their literal.</summary>
    internal string TextOf(int token) =>
        _texts.GetOrAdd(token, static (id, model) => model.File.AddedTokens.TryGetValue(id, out string? text) ? text : model.Tokenizer.Decode([id]), this);

    public void Dispose()
    {
        Pool.Dispose();
        Adapters.Dispose();
        Tokenizer.Dispose();
        Model.Dispose();
    }

    // A tokenizer whose constructor throws has no handle, and its finaliser hands that to the native library, which ends the process.
    private static Tokenizer LoadTokenizer(Model model)
    {
        Tokenizer tokenizer = (Tokenizer)RuntimeHelpers.GetUninitializedObject(typeof(Tokenizer));
        try
        {
            Construct(tokenizer, model);
            return tokenizer;
        }
        catch
        {
#pragma warning disable CA1816 // of another object, and not in a Dispose: the class is the runtime's
            GC.SuppressFinalize(tokenizer);
#pragma warning restore CA1816
            throw;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = ".ctor")]
    private static extern void Construct(Tokenizer tokenizer, Model model);
}
