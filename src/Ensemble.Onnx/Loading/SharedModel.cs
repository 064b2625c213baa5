using Ensemble.Tokenization;

namespace Ensemble.Onnx;

/// <summary>A model folder in use: loaded at most once per process, shared by its clients, and unloaded with the last of them.</summary>
internal sealed class SharedModel
{
    private static readonly Dictionary<string, SharedModel> ByPath = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private static readonly Lock ByPathGate = new();

    private readonly LocalModelOptions _options;
    private readonly Lazy<TokenEncoding?> _encoding;
    private readonly Lock _loadGate = new();
    private LoadedModel? _loaded;
    private int _references;

    private SharedModel(ModelFolder folder, LocalModelOptions options)
    {
        Folder = folder;
        _options = options;
        _encoding = new Lazy<TokenEncoding?>(ReadEncoding);
        Worker = new ModelWorker(folder.Name, options.MaxConcurrency, options.MaxQueue, () => _loaded?.Dispose());
    }

    internal ModelFolder Folder { get; }

    internal ModelWorker Worker { get; }

    /// <summary>The model's tokens as they can be counted without the runtime; null when the tokenizer is of another kind. Read when first asked for.</summary>
    internal TokenEncoding? Encoding => _encoding.Value;

    /// <summary>The model if it has been loaded.</summary>
    internal LoadedModel? Loaded => Volatile.Read(ref _loaded);

    /// <summary>Takes a reference to the model of a folder.</summary>
    internal static SharedModel Acquire(LocalModelOptions options)
    {
        ModelFolder folder = ModelFolder.Open(options.Model);
        lock (ByPathGate)
        {
            if (!ByPath.TryGetValue(folder.Path, out SharedModel? shared))
            {
                shared = new SharedModel(folder, options);
                ByPath.Add(folder.Path, shared);
            }

            shared.RequireSame(options);
            shared._references++;
            return shared;
        }
    }

    /// <summary>Gives a reference back; the last one unloads the model when the running requests are done.</summary>
    internal void Release()
    {
        lock (ByPathGate)
        {
            if (--_references > 0)
            {
                return;
            }

            ByPath.Remove(Folder.Path);
        }

        Worker.Stop();
    }

    /// <summary>Loads the model if it is not; called on the model's own threads only.</summary>
    internal LoadedModel Load()
    {
        lock (_loadGate)
        {
            _loaded ??= LoadedModel.Load(Folder, SessionSettings.Of(_options), _options.MaxCacheBytes);
            return _loaded;
        }
    }

    private TokenEncoding? ReadEncoding()
    {
        try
        {
            return TokenEncoding.FromHuggingFace(Folder.TokenizerPath);
        }
        catch (TokenizerFileException)
        {
            return null;
        }
    }

    private void RequireSame(LocalModelOptions options)
    {
        RequireSame(nameof(options.MaxCacheBytes), _options.MaxCacheBytes, options.MaxCacheBytes);
        RequireSame(nameof(options.MaxConcurrency), _options.MaxConcurrency, options.MaxConcurrency);
        RequireSame(nameof(options.MaxQueue), _options.MaxQueue, options.MaxQueue);
        RequireSame(nameof(options.Threads), _options.Threads ?? 0, options.Threads ?? 0);
        RequireSame(nameof(options.AllowSpinning), _options.AllowSpinning, options.AllowSpinning);
        RequireSame(nameof(options.AllLogits), _options.AllLogits ?? false, options.AllLogits ?? false);
        RequireSame(nameof(options.ExecutionProvider), _options.ExecutionProvider, options.ExecutionProvider);
    }

    private void RequireSame<T>(string setting, T current, T asked)
    {
        if (!EqualityComparer<T>.Default.Equals(current, asked))
        {
            throw new ModelLoadException($"'{Folder.Path}' is in use with {setting} {current?.ToString() ?? "unset"}, and another client asks for {asked?.ToString() ?? "none"}: one model is loaded once, give all its clients the same value.") { Path = Folder.Path };
        }
    }
}
