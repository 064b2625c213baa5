namespace Ensemble;

/// <summary>What a model is made of when it is added in code, and what its user knows of it.</summary>
public sealed class ModelOptions
{
    /// <summary>Gets or sets the name of the <see cref="IModelProvider"/> that makes the client, for instance <c>local</c>.</summary>
    /// <value>The default value is <see langword="null"/>; a model without a provider is a configuration error.</value>
    public string? Provider { get; set; }

    /// <summary>Gets or sets the provider's own id of the model; for a local model the name of a shipped model or a folder.</summary>
    /// <value>The default value is <see langword="null"/>: the provider's default, if it has one.</value>
    public string? Model { get; set; }

    /// <summary>Gets the provider's further settings by name, without regard to case; the values as they would stand in the configuration.</summary>
    public IDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets what the model charges.</summary>
    /// <value>The default value is <see langword="null"/>: nothing in this process and on hardware of one's own, else the catalog's list price.</value>
    public Price? Price { get; set; }

    /// <summary>Gets or sets the share of the model's answers that is right, from 0 to 1, as you have measured it.</summary>
    /// <value>The default value is <see langword="null"/>: unknown; it is never guessed.</value>
    public double? Quality { get; set; }

    /// <summary>Gets the share of right answers by domain; a domain that is not named has <see cref="Quality"/>.</summary>
    public IDictionary<string, double> QualityByDomain { get; } = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets or sets where inference runs, not where the resource lies: a country, an area, a provider's region, or <c>global</c>.</summary>
    /// <value>The default value is <see langword="null"/>: unknown, and refused where a place is required.</value>
    public string? Processing { get; set; }

    /// <summary>Gets or sets what the provider promises about data.</summary>
    /// <value>The default value is <see langword="null"/>: nothing.</value>
    public DataPolicies? DataPolicies { get; set; }

    /// <summary>Gets or sets whether the model runs on hardware of one's own; it then counts as local and costs nothing unless a price is set.</summary>
    /// <value>The default value is <see langword="null"/>: what the provider says.</value>
    public bool? SelfHosted { get; set; }

    /// <summary>Gets or sets the share of requests among the deployments of one model.</summary>
    /// <value>The default value is <see langword="null"/>: 1.</value>
    public double? Weight { get; set; }

    /// <summary>Gets or sets the priority tier among the deployments of one model; a lower one is used first.</summary>
    /// <value>The default value is <see langword="null"/>: 0.</value>
    public int? Tier { get; set; }

    /// <summary>Gets or sets what the deployment may be asked at once and in a minute. Routers keep to it: calls queue for their turn, and one that could not leave in time is refused at once. A model that is asked without a router is not limited.</summary>
    /// <value>The default value is <see langword="null"/>: no limit.</value>
    public DeploymentLimits? Limits { get; set; }

    /// <summary>Gets what is known better than the catalog knows it.</summary>
    public ModelCardOptions Card { get; } = new();

    /// <summary>Gets where the model runs, when that is more than one place, by name; what a deployment leaves out is the model's.</summary>
    public IDictionary<string, ModelOptions> Deployments { get; } = new Dictionary<string, ModelOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Makes the registration of a model, and those of its deployments.</summary>
    internal ModelRegistration Register(string name, string path) => new()
    {
        Name = name,
        Provider = Provider ?? "",
        Model = Model,
        Settings = new Dictionary<string, string>(Settings, StringComparer.OrdinalIgnoreCase),
        Path = path,
        Facts = this,
        Deployments = [.. Deployments.Select(pair => pair.Value.Below(this).Register($"{name}/{pair.Key}", $"{path}:Deployments:{pair.Key}"))],
    };

    /// <summary>Returns a deployment with the model's values where it has none of its own.</summary>
    private ModelOptions Below(ModelOptions model)
    {
        ModelOptions whole = new()
        {
            Provider = Provider ?? model.Provider,
            Model = Model ?? model.Model,
            Price = Price ?? model.Price,
            Processing = Processing ?? model.Processing,
            DataPolicies = DataPolicies ?? model.DataPolicies,
            SelfHosted = SelfHosted ?? model.SelfHosted,
            Weight = Weight ?? model.Weight,
            Tier = Tier ?? model.Tier,
            Limits = Limits ?? model.Limits,
        };
        foreach ((string key, string value) in model.Settings.Concat(Settings))
        {
            whole.Settings[key] = value;
        }

        return whole;
    }
}
