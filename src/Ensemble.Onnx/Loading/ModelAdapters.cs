using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>The LoRA adapters of one model, each loaded with the first request that uses it and kept as long as the model.</summary>
internal sealed class ModelAdapters(Model model) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _loaded = [];
    private Adapters? _adapters;

    /// <summary>Makes a new generator answer with an adapter.</summary>
    /// <param name="generator">A generator that has read nothing.</param>
    /// <param name="path">The adapter's file, which is its name too.</param>
    /// <exception cref="ModelLoadException">The file is no adapter, or not one of this model.</exception>
    internal void Activate(Generator generator, string path)
    {
        try
        {
            lock (_gate)
            {
                _adapters ??= new Adapters(model);
                if (!_loaded.Contains(path))
                {
                    _adapters.LoadAdapter(path, path);
                    _loaded.Add(path);
                }
            }

            generator.SetActiveAdapter(_adapters, path);
        }
        catch (OnnxRuntimeGenAIException error)
        {
            throw new ModelLoadException($"The adapter '{path}' cannot be used: {error.Message} Export it together with its base model ('--extra_options adapter_path=...'), and copy it whole.", error) { Path = path };
        }
    }

    public void Dispose() => _adapters?.Dispose();
}
