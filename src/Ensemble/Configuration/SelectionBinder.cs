namespace Ensemble;

/// <summary>Reads how a router chooses: its objective, its rules, those of tenants, and how it picks among deployments.</summary>
internal static class SelectionBinder
{
    public static readonly string[] SettingNames = ["Objective", "MinQuality", "Require", "Balancing", "Near", "Seed"];

    /// <summary>
    /// Reads the keys of a router; <see langword="null"/> when it sets none, and the members are asked in their order. What tenants require holds there all the
    /// same; what one prefers makes the router choose, unless a member is a composition, of which no window and no price is known.
    /// </summary>
    public static SelectionOptions? Bind(SettingsReader reader)
    {
        // What is wrong with tenants is said once, by the binder of the root.
        SettingsReader tenants = reader.Top.Silent().Child("Tenants");
        bool isAsked = SettingNames.Any(name => reader.Child(name).Exists) || (tenants.Children().Any(static tenant => tenant.Child("Objective").Exists) && !HasCompositions(reader));
        if (!isAsked)
        {
            if (reader.Children().Any(static child => child.Key.Equals("Require", StringComparison.OrdinalIgnoreCase)))
            {
                // There, and set to nothing: that is for the reader of rules to say.
                _ = RequirementsBinder.Bind(reader);
            }

            return null;
        }

        SelectionOptions selection = new()
        {
            Requirements = RequirementsBinder.Bind(reader),
            Balancing = reader.GetName<Balancing>("Balancing") ?? Balancing.Weighted,
            Near = reader.GetString("Near"),
            Seed = reader.GetLong("Seed") ?? 0,
            Objective = BindObjective(reader) ?? Objective.Order,
        };
        if (selection.Near is { Length: > 0 } near && !Places.TryParse(near, out _))
        {
            reader.Child("Near").Error($"'{near}' is no place that is known here; write a country (KR) or a region of Azure, AWS or Google Cloud.");
        }

        Dictionary<string, Requirements> requirements = [];
        Dictionary<string, Objective> objectives = [];
        foreach (SettingsReader tenant in tenants.Children())
        {
            requirements[tenant.Key] = RequirementsBinder.Bind(tenant);
            if (BindObjective(tenant) is { } objective)
            {
                objectives[tenant.Key] = objective;
            }
        }

        (selection.Tenants, selection.TenantObjectives) = (requirements, objectives);
        return selection;
    }

    private static bool HasCompositions(SettingsReader reader)
    {
        SettingsReader silent = reader.Silent();
        string[] compositions = [.. silent.Top.Child("Compositions").Children().Select(static composition => composition.Key)];
        return MemberBinder.Bind(silent.Child("Members")).Any(member => compositions.Contains(member.Model, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Reads the section <c>Tenants</c>: what every model must satisfy that answers one of them.</summary>
    public static void BindTenants(IEnumerable<SettingsReader> tenants, Dictionary<string, Requirements> found, Dictionary<string, Objective> objectives)
    {
        foreach (SettingsReader tenant in tenants)
        {
            tenant.CheckKeys(FrozenShape.Tenant);
            if (tenant.Value is { Length: > 0 } value)
            {
                tenant.Error($"'{value}' is no tenant; write {{ \"Require\": {{ \"Regions\": [ \"EU\" ] }} }} and the like under its name.");
            }

            if (tenant.IsEmpty && !tenant.Key.Equals(UnknownTenantException.Others, StringComparison.OrdinalIgnoreCase))
            {
                tenant.Error("holds no rule, as if it had been forgotten; write { \"Require\": { \"Placement\": \"Any\" } } for a tenant without rules.");
            }

            found[tenant.Key] = found.GetValueOrDefault(tenant.Key, Requirements.None).And(RequirementsBinder.Bind(tenant));
            if (BindObjective(tenant) is { } objective)
            {
                objectives[tenant.Key] = objective;
            }
        }
    }

    private static Objective? BindObjective(SettingsReader reader)
    {
        if (reader.GetString("Objective") is not { Length: > 0 } text)
        {
            return null;
        }

        if (!ObjectiveNames.TryParse(text, out Objective? objective, out string? problem))
        {
            reader.Child("Objective").Error(problem is not null ? $"'{text}': {problem}" : $"'{text}' is unknown.{Suggestion.For(text, ObjectiveNames.All)} Write {string.Join(", ", ObjectiveNames.All)}.");
        }

        return objective;
    }
}
