namespace Ensemble;

/// <summary>Reads a composition of kind <c>route</c>.</summary>
internal static class RouteBinder
{
    /// <summary>The keys under <c>Hedging</c>.</summary>
    public static readonly string[] HedgingNames = ["Quantile", "MinimumSamples", "ShortestDelaySeconds"];

    // A cascade decides itself who comes next.
    private static readonly string[] Attempts = ["AttemptTimeoutSeconds", "IdleTimeoutSeconds", "SilenceTimeoutSeconds", "MinCharactersPerSecond", "OnContentFilter", "OpaqueState"];

    private static readonly string[] Routing = [.. Attempts, "DeadlineSeconds", "MaxAttempts", "LongestWaitSeconds", "ContinueInterrupted", "MaxQueue", "Hedging"];

    public static readonly CompositionKind Kind = new("route", [.. Routing, .. SelectionBinder.SettingNames], (reader, name) => Bind(reader, name).Create)
    {
        BindChoosing = Bind,
    };

    /// <summary>Gets the keys that say how a router goes on after a failure; other kinds that route have them too.</summary>
    public static IReadOnlyList<string> RoutingNames => Routing;

    /// <summary>Gets the keys that say how one attempt is made.</summary>
    public static IReadOnlyList<string> AttemptNames => Attempts;

    /// <summary>Reads how a router goes on after a failure.</summary>
    public static void Bind(SettingsReader reader, RouterOptions options)
    {
        options.AttemptTimeout = Seconds(reader, "AttemptTimeoutSeconds", RouterOptions.MinimumTimeout);
        options.Deadline = Seconds(reader, "DeadlineSeconds", RouterOptions.MinimumTimeout);
        options.IdleTimeout = Seconds(reader, "IdleTimeoutSeconds", RouterOptions.MinimumTimeout) ?? options.IdleTimeout;
        options.SilenceTimeout = Seconds(reader, "SilenceTimeoutSeconds", RouterOptions.MinimumTimeout) ?? options.SilenceTimeout;
        options.LongestWait = Seconds(reader, "LongestWaitSeconds", TimeSpan.Zero) ?? options.LongestWait;
        options.MaxAttempts = reader.GetInt("MaxAttempts", 1, 1_000);
        options.MinCharactersPerSecond = reader.GetDouble("MinCharactersPerSecond", 0.001, 1_000_000);
        options.ContinueInterrupted = reader.GetBool("ContinueInterrupted") ?? options.ContinueInterrupted;
        options.MaxQueue = reader.GetInt("MaxQueue", 0, 1_000_000) ?? options.MaxQueue;
        options.OpaqueState = reader.GetName<OpaqueStatePolicy>("OpaqueState") ?? options.OpaqueState;
        BindHedging(reader.Child("Hedging"), options);
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

    private static TimeSpan? Seconds(SettingsReader reader, string key, TimeSpan least) =>
        reader.GetDouble(key, least.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private static void BindHedging(SettingsReader reader, RouterOptions options)
    {
        if (!reader.HasChildren)
        {
            if (reader.Value is { Length: > 0 } value)
            {
                reader.Error($"'{value}' is no hedging; write {{ \"Quantile\": 0.95 }}, or leave the key out.");
            }

            return;
        }

        reader.CheckKeys(HedgingNames);
        HedgingOptions hedging = options.Hedging = new();
        hedging.Quantile = reader.GetDouble("Quantile", 0.01, 0.999) ?? hedging.Quantile;
        hedging.MinimumSamples = reader.GetInt("MinimumSamples", 1, 1_000) ?? hedging.MinimumSamples;
        hedging.ShortestDelay = Seconds(reader, "ShortestDelaySeconds", HedgingOptions.LeastDelay) ?? hedging.ShortestDelay;
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
