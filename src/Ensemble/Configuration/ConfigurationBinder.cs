using Microsoft.Extensions.Configuration;

namespace Ensemble;

/// <summary>Reads the section <c>Ensemble</c> by hand, so that nothing is reflected upon and every mistake has a path.</summary>
internal static class ConfigurationBinder
{
    public const string SectionName = "Ensemble";

    /// <summary>Returns the names that the section holds now, for keyed registrations.</summary>
    public static IEnumerable<string> Names(IConfiguration configuration)
    {
        IConfigurationSection section = Section(configuration);
        return section.GetSection("Models").GetChildren().Concat(section.GetSection("Compositions").GetChildren()).Select(child => child.Key);
    }

    /// <summary>Returns the names of the embedding models that the section says how to make; others it only describes, and the application registers them itself.</summary>
    public static IEnumerable<string> EmbeddingNames(IConfiguration configuration) =>
        Section(configuration).GetSection("Embeddings").GetChildren().Where(child => child["Provider"] is { Length: > 0 }).Select(child => child.Key);

    /// <summary>Says whether the section holds anything.</summary>
    public static bool HasSettings(IConfiguration configuration) => Section(configuration).GetChildren().Any();

    /// <summary>Adds what the section says to the options, and what is wrong with it to their errors.</summary>
    public static void Bind(IConfiguration configuration, EnsembleOptions options)
    {
        SettingsReader reader = new(Section(configuration), configuration as IConfigurationRoot, options.BindingErrors);
        reader.CheckKeys(FrozenShape.Root);
        if (configuration is IConfigurationRoot root && !HasSettings(configuration)
            && Suggestion.Nearest(SectionName, root.GetChildren().Select(static child => child.Key)) is { } mistyped)
        {
            options.BindingErrors.Add($"{mistyped}: unknown, and there is no section '{SectionName}'. Did you mean '{SectionName}'?");
        }

        if (reader.GetString("Default") is { Length: > 0 } name)
        {
            (options.Default, options.DefaultPath) = (name, $"{SectionName}:Default");
        }

        foreach (SettingsReader model in reader.Named("Models"))
        {
            options.Models.Add(ModelBinder.Bind(model));
        }

        foreach (SettingsReader embedding in reader.Named("Embeddings"))
        {
            options.Embeddings.Add(EmbeddingBinder.Bind(embedding));
        }

        SelectionBinder.BindTenants(reader.Named("Tenants"), options.Tenants, options.TenantObjectives);
        foreach (SettingsReader budget in reader.Named("Budgets"))
        {
            if (BudgetBinder.Bind(budget) is { } cap)
            {
                options.Budgets.Add((cap, budget.Path));
            }
            else
            {
                options.UnreadBudgets.Add(budget.Key);
            }
        }

        foreach (SettingsReader composition in reader.Named("Compositions"))
        {
            if (BindComposition(composition) is { } registration)
            {
                options.Compositions.Add(registration);
            }
            else
            {
                options.UnreadCompositions.Add((composition.Key, composition.Path));
            }
        }
    }

    private static IConfigurationSection Section(IConfiguration configuration) =>
        configuration is IConfigurationSection own && own.Key.Equals(SectionName, StringComparison.OrdinalIgnoreCase)
            ? own
            : configuration.GetSection(SectionName);

    private static CompositionRegistration? BindComposition(SettingsReader reader)
    {
        string kindName = reader.GetString("Kind") ?? "";
        if (CompositionKind.Find(kindName) is not { } kind)
        {
            reader.Child("Kind").Error(KindProblem(kindName));
            return null;
        }

        reader.CheckKeys([.. FrozenShape.Composition, .. kind.SettingNames]);
        IReadOnlyList<MemberOptions> members = MemberBinder.Bind(reader.Child("Members"));
        (CompositionFactory create, SelectionOptions? selection) = kind.BindChoosing?.Invoke(reader, reader.Key) ?? (kind.Bind(reader, reader.Key), null);
        if (kind == PanelBinder.Kind)
        {
            PanelBinder.CheckNames(reader, members);
        }

        if (kind == SemanticBinder.Kind)
        {
            SemanticBinder.CheckNames(reader, members);
        }

        if (kind == CascadeBinder.Kind && CascadeBinder.ProblemWith(members) is { } alone)
        {
            reader.Child("Members").Error(alone);
        }

        string? embeddings = kind.SettingNames.Contains("Embeddings") ? reader.Child("Embeddings").Value : null;
        return new(reader.Key, kind.Name, members, reader.Path, create) { Selection = selection, Budget = reader.GetString("Budget"), Embeddings = embeddings is { Length: > 0 } ? embeddings : null };
    }

    private static string KindProblem(string kind)
    {
        string known = string.Join(" or ", CompositionKind.All.Select(k => k.Name));
        return kind.Length == 0 ? $"missing; write {known}."
            : $"'{kind}' is unknown.{Suggestion.For(kind, CompositionKind.All.Select(k => k.Name))} Write {known}.";
    }
}
