namespace Ensemble;

/// <summary>Finds what is wrong with how routes choose and with what tenants require, as far as it shows before a request comes.</summary>
/// <param name="options">Everything that is registered.</param>
/// <param name="known">The names of models and compositions.</param>
/// <param name="find">Finds a provider by name.</param>
/// <param name="catalog">The list prices.</param>
/// <param name="hasDetector">Whether somebody looks for data of the application's own kinds.</param>
/// <param name="isOwnClient">Says whether a name is that of a client which the application registered itself.</param>
internal sealed class SelectionCheck(EnsembleOptions options, Dictionary<string, string> known, Func<string, IModelProvider?> find, ModelCatalog catalog, bool hasDetector, Func<string, bool> isOwnClient)
{
    private readonly List<string> _errors = [];

    private readonly UnknownPrices _prices = new(options, find, catalog);

    /// <summary>Returns what is wrong, each with its path and the fix.</summary>
    public IReadOnlyList<string> Find()
    {
        foreach (CompositionRegistration composition in options.Compositions)
        {
            if (composition.Selection is { } selection)
            {
                CheckQuality(composition, selection);
                Add(composition.Path, _prices.ProblemOf(composition, selection.Requirements, selection.Objective));
                CheckNames(composition, selection);
                CheckBalancing(composition.Path, selection);
                CheckCustom(composition.Path, selection.Requirements, hasDetector || selection.SensitiveTextDetector is not null);
                _errors.AddRange(NobodyQualifies.Find(composition, selection, options, find));
            }
        }

        foreach ((string tenant, Requirements requirements) in options.Tenants)
        {
            CheckTenant(tenant, requirements, options.TenantObjectives.GetValueOrDefault(tenant, Objective.Order));
            CheckCustom(PathOf(tenant), requirements, hasDetector);
            CheckNames(PathOf(tenant), requirements, [.. known.Keys, .. options.Embeddings.Select(embedding => embedding.Name), .. options.Compositions.SelectMany(NamesIn)]);
        }

        return _errors;
    }

    private static string PathOf(string tenant) => $"{ConfigurationBinder.SectionName}:Tenants:{tenant}";

    private void CheckQuality(CompositionRegistration composition, SelectionOptions selection)
    {
        KnownQuality[] members = [.. QualitiesOf(composition)];
        Add(composition.Path, SelectionSnapshot.ProblemWithQuality(members, selection.Requirements, selection.Objective));

        // Tenants of the configuration bind everything, and are checked by themselves.
        foreach (string tenant in selection.Tenants.Keys.Union(selection.TenantObjectives.Keys, StringComparer.OrdinalIgnoreCase).Where(name => !options.Tenants.ContainsKey(name)))
        {
            Requirements requirements = selection.Tenants.Where(pair => pair.Key.Equals(tenant, StringComparison.OrdinalIgnoreCase)).Aggregate(Requirements.None, static (all, pair) => all.And(pair.Value));
            Add($"{composition.Path}: tenant '{tenant}'", SelectionSnapshot.ProblemWithQuality(members, requirements, selection.TenantObjectives.GetValueOrDefault(tenant, Objective.Order)));
        }
    }

    // What a tenant requires holds for everything that asks a model; what it prefers, for routes.
    private void CheckTenant(string tenant, Requirements requirements, Objective objective)
    {
        IEnumerable<KnownQuality> asked = options.Compositions.SelectMany(QualitiesOf).Where(quality => !options.Compositions.Exists(inner => inner.Name.Equals(quality.Model, StringComparison.OrdinalIgnoreCase)));
        IEnumerable<KnownQuality> chosen = options.Compositions.Where(static composition => composition.Selection is not null).SelectMany(QualitiesOf);
        Add(PathOf(tenant), SelectionSnapshot.ProblemWithQuality(asked, requirements, Objective.Order) ?? SelectionSnapshot.ProblemWithQuality(chosen, Requirements.None, objective));

        // A route without prices may be for others; without any other the tenant can ask nobody.
        string?[] unpriced = [.. options.Compositions.Where(static composition => composition.Selection is not null).Select(route => _prices.ProblemOf(route, requirements, objective))];
        Add(PathOf(tenant), unpriced.Contains(null) ? null : unpriced.FirstOrDefault());
    }

    // A deployment that code describes has its quality there.
    private IEnumerable<KnownQuality> QualitiesOf(CompositionRegistration composition)
    {
        Dictionary<string, SelectionMember> described = DescribedIn(composition.Selection);
        // A name that nobody bears is an error of its own, and no line to add under Models.
        return composition.Members.Where(member => known.ContainsKey(member.Model) || isOwnClient(member.Model)).Select(member =>
            described.TryGetValue(member.Name ?? member.Model, out SelectionMember? own) ? new(member.Model, own.Quality, own.QualityByDomain)
            : options.Models.Find(model => model.Name.Equals(member.Model, StringComparison.OrdinalIgnoreCase)) is { Facts: var facts } ? new(member.Model, facts.Quality, facts.QualityByDomain)
            : new KnownQuality(member.Model, null, []));
    }

    private static IEnumerable<string> NamesIn(CompositionRegistration composition) =>
        [.. composition.Members.Select(member => member.Name ?? member.Model), .. Member.NamesOf(composition.Members), .. composition.Members.Select(member => member.Model), .. DescribedIn(composition.Selection).Keys];

    private void CheckNames(CompositionRegistration composition, SelectionOptions selection)
    {
        string[] members = [.. NamesIn(composition)];
        string[] names = [.. known.Keys, .. options.Embeddings.Select(embedding => embedding.Name), .. members];
        foreach (Requirements requirements in selection.Tenants.Where(pair => !options.Tenants.ContainsKey(pair.Key)).Select(static pair => pair.Value).Prepend(selection.Requirements))
        {
            CheckNames(composition.Path, requirements, names);
        }

        if (!members.Contains(composition.Name, StringComparer.OrdinalIgnoreCase))
        {
            CheckItself(composition, "Allow", selection.Requirements.Allow ?? []);
            CheckItself(composition, "Deny", selection.Requirements.Deny);
        }
    }

    private void CheckNames(string path, Requirements requirements, string[] names)
    {
        foreach (string name in (requirements.Allow ?? []).Concat(requirements.Deny).Distinct(StringComparer.OrdinalIgnoreCase).Where(name => !names.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            Add(path, $"Allow or Deny names '{name}', which is no member and no model.{Suggestion.For(name, names)}");
        }
    }

    private void CheckItself(CompositionRegistration composition, string list, IReadOnlyList<string> names)
    {
        if (names.Contains(composition.Name, StringComparer.OrdinalIgnoreCase))
        {
            Add($"{composition.Path}:Require:{list}", $"'{composition.Name}' is the route itself; name its members: {string.Join(", ", composition.Members.Select(member => member.Name ?? member.Model))}.");
        }
    }

    private void CheckBalancing(string path, SelectionOptions selection)
    {
        if (selection.Balancing == Balancing.Nearest && string.IsNullOrEmpty(selection.Near))
        {
            Add($"{path}:Balancing", "'Nearest' needs the place of this process; add \"Near\": \"KR\" or a region of Azure, AWS or Google Cloud.");
        }
        else if (selection.Balancing != Balancing.Nearest && !string.IsNullOrEmpty(selection.Near))
        {
            Add($"{path}:Near", $"'{selection.Near}' counts with \"Balancing\": \"Nearest\" only; add that, or leave Near out.");
        }
    }

    private void CheckCustom(string path, Requirements requirements, bool isLookedFor)
    {
        if (!isLookedFor && requirements.NamesCustom)
        {
            Add($"{path}:Require:KeepLocal", "'Custom' is what a SensitiveTextDetector of the application finds, and none is registered, so every request would stay local; call services.AddSingleton(new SensitiveTextDetector(…)), or leave Custom out.");
        }
    }

    internal static Dictionary<string, SelectionMember> DescribedIn(SelectionOptions? selection)
    {
        Dictionary<string, SelectionMember> described = new(StringComparer.OrdinalIgnoreCase);
        foreach (SelectionMember member in selection?.Members ?? [])
        {
            foreach (Deployment deployment in member.Deployments)
            {
                described[deployment.Name] = member;
            }
        }

        return described;
    }

    private void Add(string path, string? problem)
    {
        if (problem is not null)
        {
            _errors.Add($"{path}: {problem}");
        }
    }
}
