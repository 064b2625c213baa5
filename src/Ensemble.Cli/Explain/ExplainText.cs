using System.Globalization;

namespace Ensemble.Cli;

/// <summary>Shows an explanation to a person.</summary>
internal static class ExplainText
{
    /// <summary>Writes the text.</summary>
    public static void Write(TextWriter writer, ExplainOutput output)
    {
        ProfileOutput profile = output.Profile;
        Line(writer, $"{output.Name} ({output.Kind}): {output.Note}");
        Line(writer, $"request: at most {profile.InputTokensAtMost} tokens in; needs {profile.Needs}; sensitive data {Places(profile)}; language {profile.Language ?? "unknown"}{Named("domain", profile.Domain)}{Named("tenant", profile.Tenant)}");
        WriteCandidates(writer, output, indent: "");
    }

    // Each kind with its places.
    private static string Places(ProfileOutput profile) => profile.SensitivePlaces.Count == 0
        ? profile.SensitiveData.ToString()
        : string.Join(", ", profile.SensitivePlaces.GroupBy(static place => place.Kind).OrderBy(static kind => kind.Key).Select(static kind => $"{kind.Key} ({string.Join("; ", kind)})"));

    private static void WriteCandidates(TextWriter writer, ExplainOutput output, string indent)
    {
        foreach (CandidateOutput candidate in output.Candidates)
        {
            string rank = candidate.Rank is { } place ? place.ToString(CultureInfo.InvariantCulture) : "-";
            string quality = candidate.Quality is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:0.###}") : "unknown";
            string usd = candidate.ExpectedUsd is { } price ? string.Create(CultureInfo.InvariantCulture, $"${price:0.######}") : "unknown";
            Line(writer, $"{indent}{rank} {candidate.Name} ({candidate.Model}; {candidate.Place})");
            Line(writer, $"{indent}    price {candidate.Price}; {usd} expected for {candidate.ExpectedInputTokens} (at most {candidate.InputTokens}) + {candidate.OutputTokens:0} tokens; quality {quality}; {candidate.Energy}");
            foreach ((string rule, string verdict) in candidate.Verdicts)
            {
                Line(writer, $"{indent}    {rule}: {verdict}");
            }
        }

        foreach (ExplainOutput nested in output.Nested)
        {
            Line(writer, $"{indent}{nested.Name} ({nested.Kind}): {nested.Note}");
            WriteCandidates(writer, nested, indent + "  ");
        }
    }

    private static string Named(string what, string? value) => value is null ? "" : $"; {what} {value}";

    private static void Line(TextWriter writer, FormattableString text) => writer.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
