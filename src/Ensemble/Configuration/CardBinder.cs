namespace Ensemble;

/// <summary>Reads what a user knows better of a model than the catalog.</summary>
internal static class CardBinder
{
    public static void Bind(SettingsReader reader, ModelCardOptions card)
    {
        reader.CheckKeys(FrozenShape.Card);
        if (reader.Value is { Length: > 0 } value)
        {
            reader.Error($"'{value}' is no card; write {{ \"ContextWindow\": 8192 }} and the like. Known here: {string.Join(", ", FrozenShape.Card)}.");
        }

        card.ContextWindow = Tokens(reader, "ContextWindow");
        card.MaxInputTokens = Tokens(reader, "MaxInputTokens");
        card.MaxOutputTokens = Tokens(reader, "MaxOutputTokens");
        card.ImageTokens = Tokens(reader, "ImageTokens");
        card.Capabilities = reader.GetFlags<ModelCapabilities>("Capabilities");
        card.Specialities = reader.GetStrings("Specialities");
        card.Encoding = reader.GetString("Encoding");
        card.EnergyClass = reader.GetName<EnergyClass>("EnergyClass");
        card.ActiveParameters = reader.GetDouble("ActiveParameters", 0, 1_000_000, "billions");
        card.TotalParameters = reader.GetDouble("TotalParameters", 0, 1_000_000, "billions");
        if (reader.GetStrings("Languages") is { } languages)
        {
            card.Languages = [.. languages.Where(language => IsLanguage(reader, language))];
        }
    }

    private static bool IsLanguage(SettingsReader reader, string language)
    {
        bool known = LanguageCodes.TryParse(language, out _);
        if (!known)
        {
            reader.Child("Languages").Error($"'{language}' is no language of ISO 639-1; write for instance en, ko or pt-BR.");
        }

        return known;
    }

    private static long? Tokens(SettingsReader reader, string key) => reader.GetInt(key, 1, int.MaxValue);
}
