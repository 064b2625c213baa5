using System.Globalization;

namespace Ensemble.Cli;

/// <summary>A price in words: every rate that is known, and where it was read.</summary>
internal static class PriceWords
{
    /// <summary>Says all of a price.</summary>
    public static string Describe(Price price)
    {
        if (!price.IsKnown)
        {
            return "unknown";
        }

        List<string> parts = [price.ToString()];
        Add(parts, "cached", price.CachedInputPerMillion);
        Add(parts, "cache write", price.CacheWritePerMillion);
        Add(parts, "reasoning", price.ReasoningPerMillion);
        Add(parts, "images", price.ImagePerMillion);
        if (price.BatchInputPerMillion is not null || price.BatchOutputPerMillion is not null)
        {
            parts.Add($"batch {Usd(price.BatchInputPerMillion)} in, {Usd(price.BatchOutputPerMillion)} out");
        }

        foreach (PriceTier tier in price.Tiers)
        {
            List<string> rates = [$"{Usd(tier.InputPerMillion)} in, {Usd(tier.OutputPerMillion)} out"];
            Add(rates, "cached", tier.CachedInputPerMillion);
            Add(rates, "cache write", tier.CacheWritePerMillion);
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"above {tier.AboveInputTokens} tokens {string.Join(", ", rates)}"));
        }

        if (price.RegionUplift != 1m)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"kept in a region times {price.RegionUplift:0.###}"));
        }

        return string.Join("; ", parts) + Origin(price);
    }

    private static string Origin(Price price) =>
        price.Source is null ? "" : price.AsOf is { } day ? string.Create(CultureInfo.InvariantCulture, $" ({price.Source}, {day:yyyy-MM-dd})") : $" ({price.Source})";

    private static void Add(List<string> parts, string name, decimal? rate)
    {
        if (rate is not null)
        {
            parts.Add($"{name} {Usd(rate)}");
        }
    }

    private static string Usd(decimal? rate) => rate is { } usd ? string.Create(CultureInfo.InvariantCulture, $"${usd:0.######}") : "unknown";
}
