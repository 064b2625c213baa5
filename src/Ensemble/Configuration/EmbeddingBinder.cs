namespace Ensemble;

/// <summary>Reads an embedding model: who makes it; keys that are not the engine's are the provider's settings.</summary>
internal static class EmbeddingBinder
{
    public static ModelRegistration Bind(SettingsReader reader)
    {
        Dictionary<string, string> settings = new(StringComparer.OrdinalIgnoreCase);
        foreach (SettingsReader child in reader.Children().Where(child => !FrozenShape.Embedding.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            settings[child.Key] = reader.GetString(child.Key) ?? "";
        }

        return new ModelRegistration { Name = reader.Key, Provider = reader.GetString("Provider") ?? "", Model = reader.GetString("Model"), Settings = settings, Path = reader.Path };
    }
}
