namespace Ensemble;

/// <summary>Reads a composition of kind <c>route</c>.</summary>
internal static class RouteBinder
{
    public static readonly CompositionKind Kind = new("route", ["AttemptTimeoutSeconds", "OnContentFilter"], Bind);

    private static CompositionFactory Bind(SettingsReader reader, string name)
    {
        RouterOptions options = new();
        Bind(reader, options);
        return (members, runtime) => new RouterChatClient(name, members, options, runtime);
    }

    /// <summary>Reads how a router goes on after a failure.</summary>
    public static void Bind(SettingsReader reader, RouterOptions options)
    {
        if (reader.GetDouble("AttemptTimeoutSeconds", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds) is { } seconds)
        {
            options.AttemptTimeout = TimeSpan.FromSeconds(seconds);
        }

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
}
