namespace Ensemble;

/// <summary>Joins what the catalog, the provider and the user know of a model; the user counts before the provider, and both before the catalog.</summary>
internal static class ModelDescriber
{
    /// <summary>Describes a model as a member with its deployments.</summary>
    /// <param name="model">The model as it is registered.</param>
    /// <param name="find">Finds a provider by name.</param>
    /// <param name="catalog">The cards.</param>
    /// <param name="traits">What the client says of itself, if one is there.</param>
    public static SelectionMember Describe(ModelRegistration model, Func<string, IModelProvider?> find, ModelCatalog catalog, MemberTraits? traits = null)
    {
        IModelProvider? provider = find(model.Provider);
        ModelCard card = catalog.Find(model.Model ?? model.Name, model.Provider)
            ?? provider?.FindCard(model)
            ?? new ModelCard { Id = model.Model ?? model.Name, ContextWindow = traits?.ContextWindow };
        return Describe(model, find, model.Facts.Card.Over(card), provider, traits);
    }

    /// <summary>Describes where a model runs, and how good it is said to be, without asking what it is: no file is read.</summary>
    /// <param name="model">The model as it is registered.</param>
    /// <param name="find">Finds a provider by name.</param>
    public static SelectionMember Places(ModelRegistration model, Func<string, IModelProvider?> find) =>
        Describe(model, find, new ModelCard { Id = model.Model ?? model.Name }, find(model.Provider), traits: null);

    private static SelectionMember Describe(ModelRegistration model, Func<string, IModelProvider?> find, ModelCard card, IModelProvider? provider, MemberTraits? traits) =>
        new()
        {
            Name = model.Name,
            Model = model.Name,
            Card = card,
            Deployments = model.Deployments.Count == 0
                ? [Deploy(model, provider, traits)]
                : [.. model.Deployments.Select(deployment => Deploy(deployment, find(deployment.Provider), traits: null))],
            Quality = model.Facts.Quality,
            QualityByDomain = new Dictionary<string, double>(model.Facts.QualityByDomain, StringComparer.OrdinalIgnoreCase),
        };

    /// <summary>Returns a description under another name, for a member that asks the model in its own way.</summary>
    public static SelectionMember Rename(SelectionMember model, string name) => new()
    {
        Name = name,
        Model = model.Model ?? model.Name,
        Card = model.Card,
        Deployments = [.. model.Deployments.Select(deployment => Rename(deployment, name + deployment.Name[Math.Min(model.Name.Length, deployment.Name.Length)..]))],
        Quality = model.Quality,
        QualityByDomain = model.QualityByDomain,
    };

    private static Deployment Rename(Deployment deployment, string name) => new()
    {
        Name = name,
        InProcess = deployment.InProcess,
        SelfHosted = deployment.SelfHosted,
        Processing = deployment.Processing,
        DataPolicies = deployment.DataPolicies,
        Price = deployment.Price,
        Limits = deployment.Limits,
        Weight = deployment.Weight,
        Tier = deployment.Tier,
    };

    private static Deployment Deploy(ModelRegistration model, IModelProvider? provider, MemberTraits? traits)
    {
        bool inProcess = provider?.RunsInProcess ?? traits?.InProcess ?? false;
        return new Deployment
        {
            Name = model.Name,
            InProcess = inProcess,
            SelfHosted = !inProcess && (model.Facts.SelfHosted ?? provider?.IsSelfHosted ?? false),
            Processing = model.Facts.Processing,
            DataPolicies = model.Facts.DataPolicies ?? DataPolicies.None,
            Price = model.Facts.Price,
            Weight = model.Facts.Weight ?? 1,
            Tier = model.Facts.Tier ?? 0,
        };
    }
}
