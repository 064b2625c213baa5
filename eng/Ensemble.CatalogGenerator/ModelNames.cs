using System.Text.RegularExpressions;

namespace Ensemble.CatalogGenerator;

/// <summary>One name for a model that hosts list under several.</summary>
public static partial class ModelNames
{
    /// <summary>Drops the host, the zone, the version of the host's listing, the date and <c>-latest</c>.</summary>
    /// <param name="id">An id, for instance <c>eu.anthropic.claude-opus-4-1-20250805-v1:0</c>.</param>
    /// <returns>The name, for instance <c>claude-opus-4-1</c>.</returns>
    public static string Undated(string id)
    {
        string name = id[(id.LastIndexOf('/') + 1)..].ToLowerInvariant();
        name = Host().Replace(name, string.Empty);
        name = Ending().Replace(name, string.Empty);

        // The vendor's alias of the first version; platforms list it without the zero.
        return FirstVersion().Replace(name, "$1-4");
    }

    /// <summary>Says whether a row stands for one zone of a platform, such as <c>azure/eu/o1-mini</c>.</summary>
    public static bool IsOfZone(string id) => Zone().IsMatch(id);

    [GeneratedRegex(@"^((us|us-gov|eu|apac|au|jp|global)\.)?anthropic\.")]
    private static partial Regex Host();

    [GeneratedRegex(@"([@-](latest|default|\d{8}|\d{4}-\d\d-\d\d))?(-v\d+(:\d+)?)?$")]
    private static partial Regex Ending();

    [GeneratedRegex(@"^(claude-(?:sonnet|opus))-4-0$")]
    private static partial Regex FirstVersion();

    [GeneratedRegex(@"(^|/)((us|us-gov|eu|apac|au|jp)\.|(us|eu)/)")]
    private static partial Regex Zone();
}
