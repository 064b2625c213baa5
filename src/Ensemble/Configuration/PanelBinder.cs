namespace Ensemble;

/// <summary>Reads a composition of kind <c>panel</c>.</summary>
internal static class PanelBinder
{
    public static readonly CompositionKind Kind = new("panel", ["Choices", "Normalizer", "AllowTools", "AttemptTimeoutSeconds"], Bind);

    private static readonly string[] Normalizers = ["number", "shortAnswer"];

    private static CompositionFactory Bind(SettingsReader reader, string name)
    {
        PanelOptions options = new() { AllowTools = reader.GetBool("AllowTools") ?? false };
        if (reader.GetDouble("AttemptTimeoutSeconds", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds) is { } seconds)
        {
            options.AttemptTimeout = TimeSpan.FromSeconds(seconds);
        }

        if (reader.GetStrings("Choices") is { } choices)
        {
            if (BallotNormalizer.ProblemWith(choices) is { } problem)
            {
                reader.Child("Choices").Error(problem);
            }
            else
            {
                options.Choices = choices;
            }
        }

        if (reader.GetString("Normalizer") is { Length: > 0 } normalizer)
        {
            options.Normalizer = normalizer.ToUpperInvariant() switch
            {
                "NUMBER" => BallotNormalizer.Number,
                "SHORTANSWER" => BallotNormalizer.ShortAnswer,
                _ => null,
            };
            if (options.Normalizer is null)
            {
                reader.Child("Normalizer").Error(
                    $"'{normalizer}' is unknown.{Suggestion.For(normalizer, Normalizers)} Write {string.Join(" or ", Normalizers)}, or give Choices.");
            }
            else if (options.Choices is not null)
            {
                reader.Child("Normalizer").Error("Choices already say how ballots are read; remove one of the two.");
            }
        }

        return (members, runtime) => new PanelChatClient(name, members, options, runtime);
    }
}
