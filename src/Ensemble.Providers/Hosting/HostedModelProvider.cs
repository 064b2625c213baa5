using System.Globalization;
using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble;

/// <summary>Makes the clients of one provider of the table.</summary>
internal sealed class HostedModelProvider(ProviderPreset preset) : IModelProvider
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    public string Name => preset.Name;

    public bool IsSelfHosted => preset.SelfHosted;

    public IReadOnlyCollection<string> SettingNames { get; } =
        [.. HostedSettings.All, .. EndpointPattern.Settings(preset).Where(setting => setting != EndpointPattern.EndpointSetting)];

    public IChatClient CreateClient(ModelRegistration model, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(services);
        HostedModel hosted = Describe(model, services);
        HttpMessageHandler handler = services.GetService<EndpointPool>() is { } pool
            ? pool.Get(hosted.Endpoint)
            : throw new EnsembleException($"{model.Path}: provider '{preset.Name}' is not registered; call AddProviders() on the ensemble.");
        return new HostedChatClient(hosted, handler);
    }

    internal HostedModel Describe(ModelRegistration model, IServiceProvider services)
    {
        HostedSettings settings = new(model);
        string id = string.IsNullOrWhiteSpace(model.Model)
            ? throw new EnsembleException($"{model.Path}: Model is missing; write the id that {preset.Title} knows the model by.")
            : model.Model;
        return new HostedModel
        {
            Name = model.Name,
            Preset = preset,
            ModelId = id,
            Endpoint = EndpointPattern.Resolve(preset, model),
            Credential = FindCredential(settings, services),
            Dialect = FindDialect(settings),
            Card = (services.GetService<ModelCatalog>() ?? ModelCatalog.Default).Find(id, preset.Name),
            Time = services.GetService<TimeProvider>() ?? TimeProvider.System,
            Timeout = settings.FindSeconds(HostedSettings.TimeoutSeconds) ?? DefaultTimeout,
            StrictOptions = settings.FindSwitch(HostedSettings.StrictOptions),
        };
    }

    private Dialect FindDialect(HostedSettings settings) => (preset.Protocol, settings.Find(HostedSettings.Api)?.ToLowerInvariant()) switch
    {
        ("chat", null or "chat") => ChatCompletionsDialect.Instance,
        ("chat", "responses") when preset.Responses => ResponsesDialect.Instance,
        ("messages", null or "messages") => MessagesDialect.Instance,
        ("ollama", null or "ollama") => OllamaDialect.Instance,
        (_, { } other) => throw settings.Wrong(HostedSettings.Api, other, preset.Responses ? "chat or responses" : preset.Protocol),
        _ => throw new EnsembleException($"The table of providers names an unknown protocol: {preset.Protocol}."),
    };

    private ICredential FindCredential(HostedSettings settings, IServiceProvider services)
    {
        if (settings.Find(HostedSettings.Credential) is { } credential)
        {
            string scope = preset.TokenScope
                ?? throw settings.Wrong(HostedSettings.Credential, credential, $"nothing; {preset.Title} takes a key, not a token of Microsoft Entra");
            return new TokenCredentialAdapter(FindToken(settings, credential, services), settings.Find(HostedSettings.TokenScope) ?? scope);
        }

        IConfiguration? configuration = services.GetService<IConfiguration>();
        Secret? key = settings.Find(HostedSettings.ApiKey) is { } own ? new Secret(own) : null;
        if (key is null && (settings.Find(HostedSettings.KeyVariable) ?? preset.KeyVariable) is { } variable)
        {
            key = KeySource.FindVariable(variable, configuration);
            if (key is null && !preset.KeyOptional)
            {
                throw new EnsembleException(
                    $"{settings.Path}: {preset.Title} needs a key; set the environment variable {variable}, a user secret of that name, or the setting {HostedSettings.ApiKey}.");
            }
        }

        return key is null ? NoCredential.Instance : new KeyCredential(key, preset.KeyHeader);
    }

    private static TokenCredential FindToken(HostedSettings settings, string kind, IServiceProvider services) => kind.ToLowerInvariant() switch
    {
        "managedidentity" => new ManagedIdentityCredential(settings.Find(HostedSettings.ClientId) is { } id
            ? ManagedIdentityId.FromUserAssignedClientId(id)
            : ManagedIdentityId.SystemAssigned),
        "default" => new DefaultAzureCredential(),
        "services" => services.GetService<TokenCredential>()
            ?? throw settings.Wrong(HostedSettings.Credential, kind, $"a name while no {nameof(TokenCredential)} is registered in the services"),
        _ => throw settings.Wrong(HostedSettings.Credential, kind, "managedidentity, default or services"),
    };

    /// <summary>The settings that every hosted model has.</summary>
    private sealed class HostedSettings(ModelRegistration model)
    {
        public const string ApiKey = "ApiKey";
        public const string KeyVariable = "KeyVariable";
        public const string Credential = "Credential";
        public const string ClientId = "ClientId";
        public const string TokenScope = "TokenScope";
        public const string Api = "Api";
        public const string TimeoutSeconds = "TimeoutSeconds";
        public const string StrictOptions = "StrictOptions";

        public static readonly string[] All =
            [EndpointPattern.EndpointSetting, ApiKey, KeyVariable, Credential, ClientId, TokenScope, Api, TimeoutSeconds, StrictOptions];

        public string Path => model.Path;

        public string? Find(string name)
        {
            foreach ((string key, string value) in model.Settings)
            {
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(value))
                {
                    return value;
                }
            }

            return null;
        }

        public TimeSpan? FindSeconds(string name) => Find(name) is not { } text ? null
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 86_400
                ? TimeSpan.FromSeconds(seconds)
                : throw Wrong(name, text, "a number of seconds above 0, at most 86400");

        public bool FindSwitch(string name) => Find(name) is { } text
            && (bool.TryParse(text, out bool value) ? value : throw Wrong(name, text, "true or false"));

        public EnsembleException Wrong(string name, string value, string allowed) => new($"{Path}:{name} is '{value}'; write {allowed}.");
    }
}
