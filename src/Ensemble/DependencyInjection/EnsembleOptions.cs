namespace Ensemble;

/// <summary>Everything that code and configuration registered; the validator decides whether it makes sense.</summary>
internal sealed class EnsembleOptions
{
    public string? Default { get; set; }

    /// <summary>Gets or sets where the default was named, for error messages.</summary>
    public string DefaultPath { get; set; } = "SetDefault(…)";

    public List<ModelRegistration> Models { get; } = [];

    /// <summary>Gets the embedding models of the configuration.</summary>
    public List<ModelRegistration> Embeddings { get; } = [];

    public List<CompositionRegistration> Compositions { get; } = [];

    /// <summary>Gets the names and paths of compositions that could not be read; their errors are told, and that others name them is none.</summary>
    public List<(string Name, string Path)> UnreadCompositions { get; } = [];

    /// <summary>Gets what tenants require, by name.</summary>
    public Dictionary<string, Requirements> Tenants { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets what routes prefer for tenants, by name.</summary>
    public Dictionary<string, Objective> TenantObjectives { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets the caps, and where each is registered.</summary>
    public List<(Budget Budget, string Path)> Budgets { get; } = [];

    /// <summary>Gets the names of budgets that could not be read; their errors are told, and that others name them is none.</summary>
    public List<string> UnreadBudgets { get; } = [];

    /// <summary>Gets who decides when a budget is exhausted, by the budget's name.</summary>
    public Dictionary<string, BudgetCallback> BudgetCallbacks { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets what code says of which composition a budget is for.</summary>
    public List<(string Composition, string Budget)> BudgetsOf { get; } = [];

    /// <summary>Gets clients that code made itself, by model name.</summary>
    public Dictionary<string, Func<IServiceProvider, Microsoft.Extensions.AI.IChatClient>> OwnClients { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Gets what the binder could not read; the validator reports it together with everything else.</summary>
    public List<string> BindingErrors { get; } = [];

    /// <summary>Returns the budgets that a composition names.</summary>
    public IReadOnlyList<string> BudgetsNamedBy(string composition) =>
    [
        .. Compositions.Where(c => c.Budget is { Length: > 0 } && c.Name.Equals(composition, StringComparison.OrdinalIgnoreCase)).Select(c => c.Budget!),
        .. BudgetsOf.Where(pair => pair.Composition.Equals(composition, StringComparison.OrdinalIgnoreCase)).Select(pair => pair.Budget),
    ];

    /// <summary>Returns the budgets as the ledger enforces them: with their callbacks, and those that compositions name for these alone.</summary>
    public IEnumerable<Budget> EffectiveBudgets()
    {
        HashSet<string> named = new(Compositions.SelectMany(c => BudgetsNamedBy(c.Name)), StringComparer.OrdinalIgnoreCase);
        return Budgets.Select(pair => pair.Budget.With(BudgetCallbacks.GetValueOrDefault(pair.Budget.Name), named.Contains(pair.Budget.Name)));
    }
}
