using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Ensemble;

/// <summary>
/// Watches the bound configurations, and says when what they hold now is no configuration but the trace of an accident: a file that is half written, or gone.
/// The platform empties a file's settings before it reads them again, and tells nobody when that fails.
/// </summary>
internal sealed class ConfigurationWatch : IDisposable
{
    // The platform's reader says which key, and not that it may be written otherwise.
    private const string OneKeyTwice = " Two keys that differ in case only, here or in the path above, are one key: merge them, or rename one.";

    private readonly Lock _lock = new();
    private readonly List<IDisposable> _watches = [];
    private readonly HashSet<IConfiguration> _filled = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<FileConfigurationProvider, string> _unread = new(ReferenceEqualityComparer.Instance);

    /// <summary>Starts to watch.</summary>
    /// <param name="configurations">The bound configurations.</param>
    /// <param name="changed">Called after each change.</param>
    /// <param name="refused">Called with the reason when a file could not be read again.</param>
    public void Start(IEnumerable<IConfiguration> configurations, Action changed, Action<string> refused)
    {
        foreach (IConfiguration configuration in configurations)
        {
            if (ConfigurationBinder.HasSettings(configuration))
            {
                _filled.Add(configuration);
            }

            foreach (FileConfigurationProvider file in (configuration as IConfigurationRoot)?.Providers.OfType<FileConfigurationProvider>() ?? [])
            {
                Watch(file, refused);
            }

            _watches.Add(ChangeToken.OnChange(configuration.GetReloadToken, changed));
        }
    }

    /// <summary>Says why the settings of now are not to be taken.</summary>
    /// <returns>The reason; <see langword="null"/> when they are.</returns>
    public string? Problem()
    {
        lock (_lock)
        {
            foreach (FileConfigurationProvider file in _unread.Keys.Where(static file => file.GetChildKeys([], null).Any()).ToArray())
            {
                _unread.Remove(file);
            }

            if (_unread.Count > 0)
            {
                return string.Join("; ", _unread.Values);
            }
        }

        return _filled.All(ConfigurationBinder.HasSettings)
            ? null
            : $"the section {ConfigurationBinder.SectionName} is gone, or empty; to run without any model, restart the application.";
    }

    public void Dispose() => _watches.ForEach(watch => watch.Dispose());

    private void Watch(FileConfigurationProvider file, Action<string> refused)
    {
        // What the application itself does about it is left as it is.
        Action<FileLoadExceptionContext>? own = file.Source.OnLoadException;
        file.Source.OnLoadException = context =>
        {
            Exception cause = context.Exception.InnerException ?? context.Exception;
            string reason = $"'{file.Source.Path}' could not be read: {cause.Message}{(cause is FormatException { InnerException: null } ? OneKeyTwice : "")}";
            lock (_lock)
            {
                _unread[file] = reason;
            }

            refused(reason);
            own?.Invoke(context);
        };
    }
}
