namespace Ensemble;

/// <summary>Reads a composition of kind <c>cascade</c>.</summary>
internal static class CascadeBinder
{
    public static readonly CompositionKind Kind = new(CascadeChatClient.Kind, ["DeferBelow", .. RouteBinder.AttemptNames], Bind);

    /// <summary>The keys under <c>DeferBelow</c>.</summary>
    public static readonly string[] Limits = ["Agreement", "MeanLogProbability", "LabelProbability", "ValidJson"];

    /// <summary>Says why members make no cascade: nobody comes after the only one, and the rule would be without effect.</summary>
    public static string? ProblemWith(IReadOnlyList<MemberOptions> members) =>
        Member.NamesOf(members).Take(2).ToArray() is [var only] ? $"'{only}' is the only member, so that no answer can go on to another. Name the one that is asked next behind it, or ask '{only}' itself in place of the cascade." : null;

    private static CompositionFactory Bind(SettingsReader reader, string name)
    {
        CascadeOptions options = new();
        SettingsReader limits = reader.Child("DeferBelow");
        limits.CheckKeys(Limits);
        options.DeferBelow.Agreement = limits.GetDouble("Agreement", 0, 1);
        options.DeferBelow.MeanLogProbability = limits.GetDouble("MeanLogProbability", -100, 0);
        options.DeferBelow.LabelProbability = limits.GetDouble("LabelProbability", 0, 1);
        options.DeferBelow.ValidJson = limits.GetBool("ValidJson") ?? false;
        if (!limits.HasChildren)
        {
            limits.Error($"missing; write {{ \"Agreement\": 0.6 }}, or another of {string.Join(", ", Limits)}.");
        }

        RouteBinder.Bind(reader, options.Routing);
        return (members, runtime) => new CascadeChatClient(name, members, options, runtime);
    }
}
