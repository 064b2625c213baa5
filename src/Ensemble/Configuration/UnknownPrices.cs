namespace Ensemble;

/// <summary>
/// Finds routes where price decides and no member has one: an unknown price is not eligible for cost, so nobody ever would be. Where a member is not known
/// before it is made, nothing is said.
/// </summary>
/// <param name="options">Everything that is registered.</param>
/// <param name="find">Finds a provider by name.</param>
/// <param name="catalog">The list prices.</param>
internal sealed class UnknownPrices(EnsembleOptions options, Func<string, IModelProvider?> find, ModelCatalog catalog)
{
    /// <summary>Says what is wrong with a route, and the lines to add.</summary>
    /// <param name="route">The route.</param>
    /// <param name="requirements">The rules of the route, or of a tenant.</param>
    /// <param name="objective">What is preferred.</param>
    /// <returns>The problem; <see langword="null"/> when there is none.</returns>
    public string? ProblemOf(CompositionRegistration route, Requirements requirements, Objective objective)
    {
        if ((!objective.NeedsPrice && requirements.MaxUsd is null) || route.Members.Count == 0)
        {
            return null;
        }

        Dictionary<string, SelectionMember> described = SelectionCheck.DescribedIn(route.Selection);
        SortedSet<string> lines = new(StringComparer.Ordinal);
        foreach (MemberOptions member in route.Members)
        {
            SelectionMember? own = described.GetValueOrDefault(member.Name ?? member.Model);
            if ((own ?? Describe(member.Model)) is not { } model || model.Deployments.Any(place => Candidate.PriceOf(model.Card, place).IsKnown))
            {
                return null;
            }

            lines.Add($"\"{member.Model}\": {{ \"Price\": {{ \"InputPerMillion\": 0.0, \"OutputPerMillion\": 0.0 }} }}");
        }

        string asked = objective.NeedsPrice ? $"the objective {objective}" : "MaxUsd";
        return $"{asked} needs a price, and no member has one that is known, so nobody could be asked. Add under Ensemble:Models, with your provider's figures in US dollars for a million tokens, or \"SelfHosted\": true for hardware of your own: "
            + string.Join(", ", lines) + ".";
    }

    // Null when it is not known yet, or is known to cost nothing: what computes here is not even looked for in its folder.
    private SelectionMember? Describe(string name)
    {
        if (options.Models.Find(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } model || model.Provider == ModelRegistration.OwnClient)
        {
            return null;
        }

        IEnumerable<ModelRegistration> places = model.Deployments.Count == 0 ? [model] : model.Deployments;
        return places.All(place => find(place.Provider) is { RunsInProcess: false }) ? ModelDescriber.Describe(model, find, catalog) : null;
    }
}
