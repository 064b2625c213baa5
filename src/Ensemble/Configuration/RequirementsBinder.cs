namespace Ensemble;

/// <summary>Reads the hard rules of a composition or of a tenant: the section <c>Require</c>, and <c>MinQuality</c> beside it.</summary>
internal static class RequirementsBinder
{
    // What is written beside the section, and by mistake within it.
    private static readonly string[] Beside = ["MinQuality", "Objective"];

    // These say more about being empty.
    private static readonly string[] AllowLists = ["Allow", "Regions"];

    public static Requirements Bind(SettingsReader owner)
    {
        SettingsReader reader = owner.Child("Require");
        if (reader.Value is { Length: > 0 } value)
        {
            reader.Error($"'{value}' is no set of rules; write {{ \"Regions\": [ \"EU\" ] }} and the like. Known here: {string.Join(", ", FrozenShape.Require)}.");
        }

        foreach (SettingsReader above in reader.Children().Where(static child => Beside.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            above.Error($"stands beside Require, one level up: write \"{above.Key}\" there.");
        }

        if (owner.Children().Any(static child => child.Key.Equals("Require", StringComparison.OrdinalIgnoreCase)) && reader.IsEmpty)
        {
            reader.Error($"holds no rule; leave the key out, or write {{ \"Regions\": [ \"EU\" ] }} and the like.");
        }

        reader.CheckKeys([.. FrozenShape.Require, .. Beside]);
        foreach (SettingsReader empty in reader.Children().Where(static child => child.IsEmpty && !AllowLists.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            empty.Error("set to nothing, which is no rule; leave the key out, or write what is required.");
        }

        CheckNone<ModelCapabilities>(reader.Child("Capabilities"));
        CheckNone<DataPolicies>(reader.Child("DataPolicies"));
        CheckNone<SensitiveData>(reader.Child("KeepLocal"));
        IReadOnlyList<string>? allow = reader.GetAllowList("Allow");
        IReadOnlyList<string> deny = reader.GetStrings("Deny") ?? [];
        foreach (string both in deny.Where(name => allow?.Contains(name, StringComparer.OrdinalIgnoreCase) is true).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            reader.Child("Deny").Error($"'{both}' stands in Allow too, and is denied; take it out of one of them.");
        }

        return new Requirements
        {
            MinQuality = owner.GetDouble("MinQuality", 0, 1),
            Capabilities = reader.GetFlags<ModelCapabilities>("Capabilities") ?? ModelCapabilities.None,
            Regions = BindRegions(reader),
            DataPolicies = reader.GetFlags<DataPolicies>("DataPolicies") ?? DataPolicies.None,
            KeepLocal = reader.GetFlags<SensitiveData>("KeepLocal") ?? SensitiveData.None,
            MatchLanguage = reader.GetBool("MatchLanguage") ?? false,
            Allow = allow,
            Deny = deny,
            Placement = reader.GetName<Placement>("Placement") ?? Placement.Any,
            MaxUsd = reader.GetDecimal("MaxUsd", 0m, 1_000_000m),
            Deadline = reader.GetDouble("DeadlineSeconds", 0.001, 86_400) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    // A rule that asks for nothing looks like one that asks for something.
    private static void CheckNone<T>(SettingsReader rule)
        where T : struct, Enum
    {
        IEnumerable<string?> written = rule.HasChildren ? rule.Children().Select(static child => child.Value) : (rule.Value ?? "").Split(',', StringSplitOptions.TrimEntries);
        if (written.Contains("None", StringComparer.OrdinalIgnoreCase))
        {
            rule.Error($"'None' is no rule; leave the key out, or write some of {string.Join(", ", Enum.GetNames<T>().Where(static name => name != "None"))}.");
        }
    }

    // What cannot be read is an error above, so nothing is loosened by leaving it out here.
    private static string[]? BindRegions(SettingsReader reader)
    {
        if (reader.GetAllowList("Regions") is not { } regions)
        {
            return null;
        }

        foreach (string region in regions.Where(region => !Places.TryParse(region, out _)))
        {
            reader.Child("Regions").Error($"'{region}' is no place that is known here; write a country (KR), EU, EEA, or a region of Azure, AWS or Google Cloud.");
        }

        return [.. regions.Where(region => Places.TryParse(region, out _))];
    }
}
