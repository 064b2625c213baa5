namespace Ensemble;

/// <summary>Reads an embedding model: who makes it, where it runs, and what it promises about data; keys that are not the engine's are the provider's settings.</summary>
internal static class EmbeddingBinder
{
    public static ModelRegistration Bind(SettingsReader reader)
    {
        ModelOptions model = new()
        {
            Provider = reader.GetString("Provider"),
            Model = reader.GetString("Model"),
            Price = PriceBinder.BindInput(reader.Child("Price")),
            Processing = ModelBinder.BindPlace(reader),
            DataPolicies = reader.GetFlags<DataPolicies>("DataPolicies"),
            SelfHosted = reader.GetBool("SelfHosted"),
        };
        foreach (SettingsReader child in reader.Children().Where(child => !FrozenShape.Embedding.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            model.Settings[child.Key] = reader.GetString(child.Key) ?? "";
        }

        return model.Register(reader.Key, reader.Path);
    }
}
