using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ensemble;

/// <summary>Checks everything that code and configuration registered, all at once, without loading a model.</summary>
internal sealed class EnsembleOptionsValidator(IEnumerable<IModelProvider> providers, IEnumerable<IEmbeddingProvider> embedders, IServiceProvider services, EnsembleBuilder builder) : IValidateOptions<EnsembleOptions>
{
    // What a user most likely forgot to install and to call.
    private static readonly Dictionary<string, (string Package, string Call)> KnownProviders = new(StringComparer.OrdinalIgnoreCase)
    {
        ["local"] = ("Ensemble.Onnx", "AddLocalModels()"),
        ["local-classifier"] = ("Ensemble.Onnx", "AddLocalModels()"),
        ["openai"] = ("Ensemble.Providers", "AddProviders()"),
        ["anthropic"] = ("Ensemble.Providers", "AddProviders()"),
        ["ollama"] = ("Ensemble.Providers", "AddProviders()"),
    };

    public ValidateOptionsResult Validate(string? name, EnsembleOptions options)
    {
        List<string> errors = [.. options.BindingErrors];
        Dictionary<string, string> known = CheckNames(options, errors);
        foreach (ModelRegistration model in options.Models)
        {
            if (model.Deployments.Count == 0)
            {
                CheckModel(model, FrozenShape.Model, errors);
            }

            foreach (ModelRegistration deployment in model.Deployments)
            {
                CheckModel(deployment, FrozenShape.Deployment, errors);
            }
        }

        foreach (CompositionRegistration composition in options.Compositions)
        {
            CheckMembers(composition, known, errors);
            CheckEmbeddings(composition, options, errors);
        }

        errors.AddRange(new SelectionCheck(options, known, FindProvider, services.GetService<ModelCatalog>() ?? ModelCatalog.Default, services.GetServices<SensitiveTextDetector>().Any(), IsOwnClient).Find());
        options.Embeddings.ForEach(embedding => CheckEmbedding(embedding, errors));

        errors.AddRange(Cycles.Find(options.Compositions));
        errors.AddRange(BudgetCheck.Find(options, known, services));
        if (options.Default is { } chosen && !known.ContainsKey(chosen))
        {
            errors.Add($"{options.DefaultPath}: '{chosen}' is no model or composition.{Suggestion.For(chosen, known.Keys)}");
        }

        foreach (string configured in builder.Pipelines.Keys.Where(key => !known.ContainsKey(key)))
        {
            errors.Add($"ConfigureClient(\"{configured}\"): there is no model or composition of that name.{Suggestion.For(configured, known.Keys)}");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static Dictionary<string, string> CheckNames(EnsembleOptions options, List<string> errors)
    {
        Dictionary<string, string> known = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, string> spelled = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string path) in options.Models.Select(m => (m.Name, m.Path)).Concat(options.Compositions.Select(c => (c.Name, c.Path))).Concat(options.UnreadCompositions))
        {
            if (!IsName(name))
            {
                errors.Add($"{path}: the name '{name}' may hold letters A-Z, digits and underscores only, a letter first; the provider's own id goes into Model.");
            }

            if (!known.TryAdd(name, path))
            {
                errors.Add(spelled[name] == name
                    ? $"{path}: the name '{name}' is taken by {known[name]}; models and compositions share one name space."
                    : $"{path}: the name '{name}' differs from '{spelled[name]}' ({known[name]}) in case only; rename one.");
            }

            spelled.TryAdd(name, name);
        }

        return known;
    }

    private void CheckModel(ModelRegistration model, string[] own, List<string> errors)
    {
        if (model.Provider == ModelRegistration.OwnClient)
        {
            return;
        }

        if (FindProvider(model.Provider) is not { } provider)
        {
            errors.Add($"{model.Path}:Provider: {ProviderProblem(model.Provider)}");
            return;
        }

        foreach (string key in model.Settings.Keys)
        {
            string first = key.Split(':')[0];
            if (provider.SettingNames.Contains(key, StringComparer.OrdinalIgnoreCase) || provider.SettingNames.Contains(first, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            string path = $"{model.Path}:{first}";
            string error = FrozenShape.UnknownMessage(path, first, [.. own, .. provider.SettingNames]);
            if (!errors.Contains(error))
            {
                errors.Add(error);
            }
        }

        errors.AddRange(provider.CheckSettings(model));
    }

    private IModelProvider? FindProvider(string name) => providers.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private string ProviderProblem(string provider) =>
        provider.Length == 0 ? $"missing; name who makes the client{(providers.Any() ? $": {Registered}" : "")}."
        : KnownProviders.TryGetValue(provider, out (string Package, string Call) known)
            ? $"'{provider}' is not registered: add the package {known.Package} and call {known.Call} after AddEnsemble()."
            : $"'{provider}' is not registered.{Suggestion.For(provider, providers.Select(p => p.Name).Concat(KnownProviders.Keys))} Registered: {Registered}.";

    private string Registered => providers.Any() ? string.Join(", ", providers.Select(p => p.Name)) : "none";

    private void CheckMembers(CompositionRegistration composition, Dictionary<string, string> known, List<string> errors)
    {
        if (composition.Members.Count == 0 && CompositionKind.Find(composition.Kind) is not { NeedsMembers: false })
        {
            errors.Add($"{composition.Path}:Members: empty; name at least one model or composition.");
        }

        foreach (MemberOptions member in composition.Members.Where(m => m.Model.Length > 0 && !known.ContainsKey(m.Model) && !IsOwnClient(m.Model)))
        {
            errors.Add($"{composition.Path}:Members: '{member.Model}' is no model or composition, and no keyed IChatClient.{Suggestion.For(member.Model, known.Keys)}");
        }
    }

    private void CheckEmbeddings(CompositionRegistration composition, EnsembleOptions options, List<string> errors)
    {
        if (composition.Embeddings is { } key && !options.Embeddings.Exists(embedding => embedding.Name == key)
            && !IsKeyed(typeof(IEmbeddingGenerator<string, Embedding<float>>), key))
        {
            errors.Add($"{composition.Path}:Embeddings: there is no embedding model '{key}'.{Suggestion.For(key, options.Embeddings.Select(embedding => embedding.Name))} Write it under {ConfigurationBinder.SectionName}:Embeddings, or call AddLocalEmbeddings(\"{key}\", …).");
        }
    }

    private void CheckEmbedding(ModelRegistration embedding, List<string> errors)
    {
        bool isOwn = embedding.Provider.Length == 0 && IsKeyed(typeof(IEmbeddingGenerator<string, Embedding<float>>), embedding.Name);
        IEmbeddingProvider? provider = embedders.FirstOrDefault(provider => provider.Name.Equals(embedding.Provider, StringComparison.OrdinalIgnoreCase));
        if (provider is null && !isOwn)
        {
            errors.Add(embedding.Provider.Length == 0 ? $"{embedding.Path}:Provider: missing; name who makes the embedding model: local; or register a keyed IEmbeddingGenerator<string, Embedding<float>> '{embedding.Name}', which the keys here then describe."
                : embedders.Any() ? $"{embedding.Path}:Provider: '{embedding.Provider}' makes no embedding models. Registered: {string.Join(", ", embedders.Select(p => p.Name))}."
                : $"{embedding.Path}:Provider: '{embedding.Provider}' is not registered: for local, add the package Ensemble.Onnx and call AddLocalModels() after AddEnsemble().");
            return;
        }

        IReadOnlyCollection<string> settings = provider?.SettingNames ?? [];
        foreach (string key in embedding.Settings.Keys.Where(key => !settings.Contains(key, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Add(FrozenShape.UnknownMessage($"{embedding.Path}:{key}", key, [.. FrozenShape.Embedding, .. settings]));
        }

        errors.AddRange(provider?.CheckSettings(embedding) ?? []);
    }

    // A keyed client that the application registered itself may be a member.
    private bool IsOwnClient(string name) => IsKeyed(typeof(IChatClient), name);

    private bool IsKeyed(Type service, string key) => services.GetService<IServiceProviderIsKeyedService>()?.IsKeyedService(service, key) is true;

    private static bool IsName(string name) =>
        name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
