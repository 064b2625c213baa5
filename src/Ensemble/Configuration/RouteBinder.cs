namespace Ensemble;

/// <summary>Reads a composition of kind <c>route</c>.</summary>
internal static class RouteBinder
{
    private static readonly string[] Routing = ["AttemptTimeoutSeconds", "OnContentFilter", "OpaqueState"];

    public static readonly CompositionKind Kind = new("route", [.. Routing, .. SelectionBinder.SettingNames], (reader, name) => Bind(reader, name).Create)
    {
        BindChoosing = Bind,
    };

    /// <summary>Gets the keys that say how a router goes on after a failure; other kinds that route have them too.</summary>
    public static IReadOnlyList<string> RoutingNames => Routing;

    /// <summary>Reads how a router goes on after a failure.</summary>
    public static void Bind(SettingsReader reader, RouterOptions options)
    {
        if (reader.GetDouble("AttemptTimeoutSeconds", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds) is { } seconds)
        {
            options.AttemptTimeout = TimeSpan.FromSeconds(seconds);
        }

        options.OpaqueState = reader.GetName<OpaqueStatePolicy>("OpaqueState") ?? options.OpaqueState;
        switch (reader.GetString("OnContentFilter")?.ToUpperInvariant())
        {
            case null or "" or "STOP":
                break;
            case "NEXT":
                options.TryNextOnContentFilter = true;
                break;
            default:
                reader.Child("OnContentFilter").Error("write 'stop' or 'next'.");
                break;
        }
    }

    /// <summary>Makes a router; one that chooses sees each deployment of its models.</summary>
    public static RouterChatClient Create(string name, IReadOnlyList<Member> members, RouterOptions options, EnsembleRuntime runtime) =>
        new(name, options.Selection is null ? members : DeployedModel.Expand(members), options, runtime);

    private static (CompositionFactory Create, SelectionOptions? Selection) Bind(SettingsReader reader, string name)
    {
        RouterOptions options = new() { Selection = SelectionBinder.Bind(reader) };
        Bind(reader, options);
        return ((members, runtime) => Create(name, members, options, runtime), options.Selection);
    }
}
