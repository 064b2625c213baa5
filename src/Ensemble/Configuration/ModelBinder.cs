namespace Ensemble;

/// <summary>Reads a model: who makes its client, and what its user knows of it. Keys that are not the engine's are the provider's settings.</summary>
internal static class ModelBinder
{
    public static ModelRegistration Bind(SettingsReader reader) => BindOptions(reader, FrozenShape.Model).Register(reader.Key, reader.Path);

    private static ModelOptions BindOptions(SettingsReader reader, string[] keys)
    {
        ModelOptions model = new()
        {
            Provider = reader.GetString("Provider"),
            Model = reader.GetString("Model"),
            Price = PriceBinder.Bind(reader.Child("Price")),
            Processing = BindPlace(reader),
            DataPolicies = reader.GetFlags<DataPolicies>("DataPolicies"),
            SelfHosted = reader.GetBool("SelfHosted"),
            Weight = reader.GetDouble("Weight", 0, 1_000_000),
            Tier = reader.GetInt("Tier", 0, 1_000),
            Limits = BindLimits(reader.Child("Limits")),
        };
        if (keys == FrozenShape.Model)
        {
            BindQuality(reader.Child("Quality"), model);
            CardBinder.Bind(reader.Child("Card"), model.Card);
            foreach (SettingsReader deployment in reader.Named("Deployments"))
            {
                if (deployment.Value is { Length: > 0 } value)
                {
                    deployment.Error($"'{value}' is no deployment; write {{ \"Processing\": \"koreacentral\" }} and the like: what it leaves out is the model's.");
                }

                model.Deployments[deployment.Key] = BindOptions(deployment, FrozenShape.Deployment);
            }
        }

        foreach (SettingsReader child in reader.Children())
        {
            if (!keys.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                Flatten(child, child.Key, model.Settings);
            }
        }

        return model;
    }

    /// <summary>Reads where inference runs.</summary>
    public static string? BindPlace(SettingsReader reader)
    {
        string? place = reader.GetString("Processing");
        if (place is { Length: > 0 } && !Places.TryParse(place, out _))
        {
            reader.Child("Processing").Error($"'{place}' is no place that is known here; write a country (KR), EU, EEA, a region of Azure, AWS or Google Cloud, or global.");
        }

        return place;
    }

    private static DeploymentLimits? BindLimits(SettingsReader reader)
    {
        if (!reader.HasChildren)
        {
            if (reader.Value is { Length: > 0 } value)
            {
                reader.Error($"'{value}' is no limits; write {{ \"MaxConcurrency\": 8 }}, or another of {string.Join(", ", FrozenShape.Limits)}.");
            }

            return null;
        }

        reader.CheckKeys(FrozenShape.Limits);
        return new DeploymentLimits
        {
            MaxConcurrency = reader.GetInt("MaxConcurrency", 1, 1_000_000),
            RequestsPerMinute = reader.GetInt("RequestsPerMinute", 1, int.MaxValue),
            TokensPerMinute = reader.GetInt("TokensPerMinute", 1, int.MaxValue),
        };
    }

    private static void BindQuality(SettingsReader reader, ModelOptions model)
    {
        if (!reader.HasChildren)
        {
            model.Quality = reader.Parent.GetDouble(reader.Key, 0, 1);
            return;
        }

        foreach (SettingsReader domain in reader.Children())
        {
            if (reader.GetDouble(domain.Key, 0, 1) is not { } share)
            {
                continue;
            }

            if (domain.Key.Equals(FrozenShape.OtherDomains, StringComparison.OrdinalIgnoreCase))
            {
                model.Quality = share;
            }
            else
            {
                model.QualityByDomain[domain.Key] = share;
            }
        }
    }

    private static void Flatten(SettingsReader reader, string key, IDictionary<string, string> settings)
    {
        if (reader.Value is { } value || !reader.HasChildren)
        {
            settings[key] = reader.Value ?? "";
        }

        foreach (SettingsReader child in reader.Children())
        {
            Flatten(child, $"{key}:{child.Key}", settings);
        }
    }
}
