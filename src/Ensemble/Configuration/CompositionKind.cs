namespace Ensemble;

/// <summary>One value of <c>Kind</c>: the keys it understands and how it reads them.</summary>
/// <param name="Name">The value of <c>Kind</c>.</param>
/// <param name="SettingNames">The keys beside <c>Kind</c> and <c>Members</c>.</param>
/// <param name="Bind">Reads the keys of the composition with the given name; what is wrong goes to the reader.</param>
internal sealed record CompositionKind(string Name, string[] SettingNames, Func<SettingsReader, string, CompositionFactory> Bind)
{
    /// <summary>Gets what reads a kind that can choose among its members, together with how it chooses; <see langword="null"/> for other kinds.</summary>
    public Func<SettingsReader, string, (CompositionFactory Create, SelectionOptions? Selection)>? BindChoosing { get; init; }

    /// <summary>Gets whether a composition of this kind without members is a mistake.</summary>
    public bool NeedsMembers { get; init; } = true;

    /// <summary>The kinds of this version.</summary>
    public static readonly CompositionKind[] All = [RouteBinder.Kind, PanelBinder.Kind, SemanticBinder.Kind, CascadeBinder.Kind, ClassifyBinder.Kind];

    public static CompositionKind? Find(string name) => Array.Find(All, kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
