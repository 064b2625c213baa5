using System.Globalization;

namespace Ensemble;

/// <summary>
/// Finds routes whose own rules refuse every member whatever the request: only hosted models among local ones, a place where none runs, all denied. Such a
/// route would fail closed, at the first request. Where one member is not known before it is made, nothing is said.
/// </summary>
internal static class NobodyQualifies
{
    // What these look at stands in the configuration; a window or a price ceiling depends on the request.
    private static readonly Constraint[] Fixed = [new PlacementConstraint(), new ResidencyConstraint(), new DataPolicyConstraint(), new TenantConstraint()];

    /// <summary>Returns what is wrong with one route.</summary>
    public static IEnumerable<string> Find(CompositionRegistration route, SelectionOptions selection, EnsembleOptions options, Func<string, IModelProvider?> find)
    {
        // No place that could be read is an error of its own.
        if (route.Members.Count == 0 || selection.Requirements.IsEmpty || selection.Members.Count > 0
            || selection.Requirements.Regions is [])
        {
            yield break;
        }

        List<string> refusals = [];
        foreach (MemberOptions member in route.Members)
        {
            if (options.Models.Find(model => model.Name.Equals(member.Model, StringComparison.OrdinalIgnoreCase)) is not { } model
                || model.Provider == ModelRegistration.OwnClient || member.Count > 1 || !PlacesOf(model).All(place => find(place.Provider) is not null) || RefusalOf(model, member.Name ?? member.Model, selection.Requirements, find) is not { } refusal)
            {
                yield break;
            }

            refusals.Add($"{member.Name ?? member.Model}: {refusal}");
        }

        yield return $"{route.Path}: its rules refuse every member, whatever is asked. {string.Join("; ", refusals.Distinct())}. Loosen a rule, say more about the models, or name other members.";
    }

    private static IEnumerable<ModelRegistration> PlacesOf(ModelRegistration model) => model.Deployments.Count == 0 ? [model] : model.Deployments;

    // Why none of its places may ever answer; null when one may.
    private static string? RefusalOf(ModelRegistration model, string name, Requirements requirements, Func<string, IModelProvider?> find)
    {
        SelectionMember member = ModelDescriber.Rename(ModelDescriber.Places(model, find), name);
        if (requirements.MinQuality is { } least && member.QualityByDomain.Values.Append(member.Quality ?? 1).Max() is var best && best < least)
        {
            return string.Create(CultureInfo.InvariantCulture, $"its quality of {best:0.###} is below {least:0.###}");
        }

        Candidate[] places = [.. member.Deployments.Select(place => new Candidate(member, place, memberIndex: 0, near: null))];
        CandidateSignals[] signals = new CandidateSignals[places.Length];
        ConstraintRules[] refused = new ConstraintRules[places.Length];
        RequestProfile nothing = new([]);
        SelectionQuestion question = new(nothing, requirements, places, signals);
        foreach (Constraint rule in Fixed)
        {
            rule.Check(question, refused);
        }

        return refused.Contains(ConstraintRules.None) ? null
            : string.Join(", ", Fixed.Select(rule => rule.Explain(refused[0], places[0], requirements, nothing)).OfType<string>());
    }
}
