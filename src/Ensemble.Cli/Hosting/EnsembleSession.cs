using Ensemble.Models;
using Ensemble.Onnx;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Cli;

/// <summary>The ensemble that one command works with; disposing it releases its models.</summary>
internal sealed class EnsembleSession : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string? _chosen;

    private EnsembleSession(ServiceProvider services, string? chosen)
    {
        _services = services;
        _chosen = chosen;
    }

    /// <summary>Gets the models and compositions; reading it checks the configuration.</summary>
    public IEnsembleClients Clients => _services.GetRequiredService<IEnsembleClients>();

    /// <summary>Gets the name that the user chose, or else the default's.</summary>
    /// <exception cref="CliException">There is neither.</exception>
    public string ChosenName => _chosen is { } chosen ? Known(chosen)
        : Clients.DefaultName
        ?? throw new CliException(Names.Any()
            ? $"The configuration names no default. Set Ensemble:Default, or say which one with --model: {string.Join(", ", Names)}."
            : "The configuration has no models: give it a section \"Ensemble\" with \"Models\", or leave --config out for the model that the tool brings.");

    /// <summary>Gets what the configuration leaves to an application, which the tool does not have.</summary>
    public IReadOnlyList<string> Remarks =>
    [
        .. SettingsOfCustomData(_services.GetRequiredService<IConfiguration>())
            .Select(static setting => $"{setting}: 'Custom' is what a SensitiveTextDetector of the application finds; it must register one. Here nobody looks for such data, so whatever the rule is about stays local."),
    ];

    private IEnumerable<string> Names => Clients.Compositions.Select(composition => composition.Name).Concat(Clients.Models.Select(model => model.Name));

    /// <summary>Reads the configuration and registers what it says; no model is loaded before it is asked.</summary>
    /// <param name="context">The world.</param>
    /// <param name="configurationFile">The configuration file, or <see langword="null"/> for what is built in.</param>
    /// <param name="model">A name in the configuration, the folder of a local model, <c>provider/model</c>, or <see langword="null"/> for the default.</param>
    /// <param name="usesMeasured">Whether local models run as was found best on this device, where their settings leave it open.</param>
    public static EnsembleSession Open(CliContext context, string? configurationFile, string? model = null, bool usesMeasured = true)
    {
        UnnamedModel? unnamed = model is null ? null : UnnamedModel.Parse(model) ?? UnnamedModel.FindStored(model, CliConfiguration.Read(context, configurationFile));
        IConfigurationRoot configuration = CliConfiguration.Read(context, configurationFile, unnamed);
        if (usesMeasured && context.MeasuredRoot is { } measured)
        {
            foreach ((string setting, string? value) in new MeasuredModels(measured).SettingsFor(configuration, context.Terminal.Hint))
            {
                configuration[setting] = value;
            }
        }

        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        IEnsembleBuilder ensemble = services.AddEnsemble(configuration).AddLocalModels().AddProviders();
        services.AddSingleton<ILedgerStore>(_ => new CliLedger(context.LedgerFile, context.Terminal));
        services.AddSingleton(context.Time);

        if (SettingsOfCustomData(configuration).Any())
        {
            // The application's own detectors are not here, and that it names their data is no mistake; but any text may hold it. Remarks says so.
            services.AddSingleton(new SensitiveTextDetector(static _ => SensitiveData.Custom));
        }

        context.AddModels(ensemble);
        return new EnsembleSession(services.BuildServiceProvider(), unnamed?.Name ?? model);
    }

    private static IEnumerable<string> SettingsOfCustomData(IConfiguration configuration) => configuration.GetSection("Ensemble").AsEnumerable()
        .Where(static setting => setting.Key.Contains(":Require:KeepLocal", StringComparison.OrdinalIgnoreCase) && setting.Value?.Contains(nameof(SensitiveData.Custom), StringComparison.OrdinalIgnoreCase) is true)
        .Select(static setting => setting.Key);

    private string Known(string name)
    {
        if (Names.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return name;
        }

        string hint = UsageReport.Nearest(name, Names) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        throw new CliException($"No model or composition is called '{name}'.{hint} Known: {string.Join(", ", Names)}.");
    }

    /// <summary>Gives the client that the user chose.</summary>
    public IChatClient ChosenClient() => Clients.Get(ChosenName);

    /// <summary>Loads the embedding model that the tool brings; the caller disposes it.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> OpenEmbeddings() => new OnnxEmbeddingGenerator(E5Small.Folder);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
