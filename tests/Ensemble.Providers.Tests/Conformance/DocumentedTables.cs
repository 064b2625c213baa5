using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Ensemble.Providers.Tests;

/// <summary>The tables of <c>docs/providers.md</c> say what the tests check and what the data holds; <c>ENSEMBLE_APPROVE=1</c> writes them anew.</summary>
[NonParallelizable]
internal sealed partial class DocumentedTables
{
    [Test]
    public void Providers_TableOfPresets_IsTheDataOfThePackage() => Check("presets", Presets());

    [Test]
    public void Providers_TableOfConformance_IsWhatTheTestsCheck() => Check("conformance", Conformance());

    [Test]
    public void Providers_TableOfPresetsAndBehaviours_IsWhatTheTestsCheck() => Check("preset-conformance", PresetConformance());

    /// <summary>A column for every behaviour that somebody lacks; the last one stands for those that all have.</summary>
    private static string PresetConformance()
    {
        DialectScript[] rows = [.. DialectScript.All.Concat(DialectScript.Others).OrderBy(row => row.Preset, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal)];
        Behaviour[] all = Enum.GetValues<Behaviour>();
        Behaviour[] some = [.. all.Where(behaviour => rows.Any(row => row.LackOf(behaviour) is not null))];
        StringBuilder table = new();
        table.AppendLine(CultureInfo.InvariantCulture, $"{rows.Length} × {all.Length} × 2 = {rows.Length * all.Length * 2} checks.\n");
        table.AppendLine(CultureInfo.InvariantCulture, $"| provider, protocol | {string.Join(" | ", some.Select(Named))} | the other {all.Length - some.Length} |\n|---|{string.Concat(some.Select(_ => "---|"))}---|");
        foreach (DialectScript row in rows)
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"| `{row.Preset}`, {row.Name} | {string.Join(" | ", some.Select(behaviour => row.LackOf(behaviour) is null ? "yes" : "no"))} | yes |");
        }

        return table.ToString();
    }

    private static string Named(Behaviour behaviour) => Words().Replace(behaviour.ToString(), " $1").Trim().ToLowerInvariant();

    private static string Presets()
    {
        StringBuilder table = new();
        table.AppendLine(CultureInfo.InvariantCulture, $"As of {ProviderPresets.Date:yyyy-MM-dd}. {ProviderPresets.Checked} The source of each fact stands in `presets.json`.\n");
        table.AppendLine("| `Provider` | what | protocol | address | key | limit field | known to lack |\n|---|---|---|---|---|---|---|");
        foreach (ProviderPreset preset in ProviderPresets.All)
        {
            string key = preset.KeyVariable is { } variable ? $"`{variable}`{(preset.KeyOptional ? ", optional" : "")}" : "none";
            string address = preset.Endpoint.Length == 0 ? "the setting `Endpoint`" : $"`{preset.Endpoint}`";
            string lacks = preset.Lacks == HostedOptions.None ? "" : preset.Lacks.ToString();
            table.AppendLine(CultureInfo.InvariantCulture, $"| `{preset.Name}` | {preset.Title} | {preset.Protocol}{(preset.Responses ? ", responses" : "")} | {address} | {key} | `{preset.OutputLimitField}` | {lacks} |");
        }

        return table.ToString();
    }

    private static string Conformance()
    {
        StringBuilder table = new();
        table.AppendLine(CultureInfo.InvariantCulture, $"| behaviour, whole and streamed | {string.Join(" | ", DialectScript.All.Select(d => d.Name))} |\n|---|{string.Concat(DialectScript.All.Select(_ => "---|"))}");
        foreach (Behaviour behaviour in Enum.GetValues<Behaviour>())
        {
            string cells = string.Join(" | ", DialectScript.All.Select(d => d.Lacks.TryGetValue(behaviour, out string? why) ? $"no: {why}" : "yes"));
            table.AppendLine(CultureInfo.InvariantCulture, $"| {Named(behaviour)} | {cells} |");
        }

        return table.ToString();
    }

    private static void Check(string name, string table, [CallerFilePath] string here = "")
    {
        string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "providers.md"));
        string page = File.ReadAllText(path);
        (string begin, string end) = ($"<!-- {name}: written by a test -->\n", $"<!-- /{name} -->");
        int start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        int stop = page.IndexOf(end, StringComparison.Ordinal);
        Assert.That(start >= begin.Length && stop >= start, Is.True, $"docs/providers.md has lost the marks of the table '{name}'.");
        string now = table.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("ENSEMBLE_APPROVE") == "1" && page[start..stop] != now)
        {
            File.WriteAllText(path, page[..start] + now + page[stop..]);
            return;
        }

        Assert.That(page[start..stop], Is.EqualTo(now), "ENSEMBLE_APPROVE=1 dotnet test writes the table anew.");
    }

    [GeneratedRegex("([A-Z0-9][a-z]*)")]
    private static partial Regex Words();
}
