namespace Ensemble;

/// <summary>Reads a price in US dollars for a million tokens.</summary>
internal static class PriceBinder
{
    public static Price? Bind(SettingsReader reader)
    {
        if (!reader.HasChildren)
        {
            if (reader.Value is { Length: > 0 } value)
            {
                reader.Error($"'{value}' is no price; write {{ \"InputPerMillion\": 0.25, \"OutputPerMillion\": 2 }}, in US dollars.");
            }

            return null;
        }

        reader.CheckKeys(FrozenShape.Price);
        decimal? input = Rate(reader, "InputPerMillion");
        decimal? output = Rate(reader, "OutputPerMillion");
        if (!reader.Child("InputPerMillion").Exists || !reader.Child("OutputPerMillion").Exists)
        {
            reader.Error("a price needs both InputPerMillion and OutputPerMillion, in US dollars; write 0 for what costs nothing.");
        }

        return new Price
        {
            InputPerMillion = input,
            OutputPerMillion = output,
            CachedInputPerMillion = Rate(reader, "CachedInputPerMillion"),
            CacheWritePerMillion = Rate(reader, "CacheWritePerMillion"),
            ReasoningPerMillion = Rate(reader, "ReasoningPerMillion"),
            ImagePerMillion = Rate(reader, "ImagePerMillion"),
            BatchInputPerMillion = Rate(reader, "BatchInputPerMillion"),
            BatchOutputPerMillion = Rate(reader, "BatchOutputPerMillion"),
            RegionUplift = reader.GetDecimal("RegionUplift", 1m, 10m) ?? 1m,
            Tiers = BindTiers(reader.Child("Tiers")),
            Source = "user",
        };
    }

    /// <summary>Reads the price of what has no answer in tokens, such as an embedding.</summary>
    public static Price? BindInput(SettingsReader reader)
    {
        if (!reader.HasChildren)
        {
            if (reader.Value is { Length: > 0 } value)
            {
                reader.Error($"'{value}' is no price; write {{ \"InputPerMillion\": 0.02 }}, in US dollars.");
            }

            return null;
        }

        reader.CheckKeys(FrozenShape.EmbeddingPrice);
        if (!reader.Child("InputPerMillion").Exists)
        {
            reader.Error("the price of an embedding model needs InputPerMillion, in US dollars; write 0 for what costs nothing.");
        }

        return new Price { InputPerMillion = Rate(reader, "InputPerMillion"), OutputPerMillion = 0m, RegionUplift = reader.GetDecimal("RegionUplift", 1m, 10m) ?? 1m, Source = "user" };
    }

    private static List<PriceTier> BindTiers(SettingsReader reader)
    {
        List<PriceTier> tiers = [];
        if (!reader.CheckArray())
        {
            return tiers;
        }

        foreach (SettingsReader tier in reader.Children())
        {
            tier.CheckKeys(FrozenShape.PriceTier);
            if (tier.GetLong("AboveInputTokens") is > 0 and { } above && Rate(tier, "InputPerMillion") is { } input && Rate(tier, "OutputPerMillion") is { } output)
            {
                tiers.Add(new PriceTier
                {
                    AboveInputTokens = above,
                    InputPerMillion = input,
                    OutputPerMillion = output,
                    CachedInputPerMillion = Rate(tier, "CachedInputPerMillion"),
                    CacheWritePerMillion = Rate(tier, "CacheWritePerMillion"),
                });
            }
            else
            {
                tier.Error("a tier needs AboveInputTokens (above 0), InputPerMillion and OutputPerMillion.");
            }
        }

        return tiers;
    }

    // The dearest model of the public tables costs 600 dollars for a million tokens.
    private static decimal? Rate(SettingsReader reader, string key) => reader.GetDecimal(key, 0m, 1_000_000m);
}
