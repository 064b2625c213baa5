using CsCheck;

namespace Ensemble.Tests.Budgets;

internal sealed class PriceTests
{
    private static readonly Price Tiered = new()
    {
        InputPerMillion = 2m,
        OutputPerMillion = 10m,
        CachedInputPerMillion = 0.2m,
        CacheWritePerMillion = 2.5m,
        ReasoningPerMillion = 12m,
        Tiers = [new PriceTier { AboveInputTokens = 200_000, InputPerMillion = 4m, OutputPerMillion = 15m }],
    };

    [Test]
    public void Cost_OfPlainTokens_IsRateTimesTokens() => Assert.That(Tiered.CostUsd(1_000, 100), Is.EqualTo(0.003m));

    [Test]
    public void Cost_OfCachedWrittenAndReasoningTokens_UsesTheirRates() =>
        Assert.That(Tiered.CostUsd(1_000, 100, cachedInputTokens: 500, cacheWriteTokens: 100, reasoningTokens: 50), Is.EqualTo(0.00225m));

    [Test]
    public void Cost_AtTheBoundOfATier_IsTheBaseRate_AndOneTokenAboveTheTiersForAllTokens()
    {
        Assert.That(Tiered.CostUsd(200_000, 0), Is.EqualTo(0.4m));
        Assert.That(Tiered.CostUsd(200_001, 0), Is.EqualTo(0.800004m));
    }

    [Test]
    public void Cost_OfAnUnknownPrice_IsUnknownAndNotZero()
    {
        Assert.That(Price.Unknown.CostUsd(10, 10), Is.Null);
        Assert.That(new Price { InputPerMillion = 1m }.CostUsd(10, 10), Is.Null);
        Assert.That(Price.Local.CostUsd(10, 10), Is.Zero);
    }

    [Test]
    public void Cost_InARegion_GrowsByTheUplift_AndElsewhereDoesNot()
    {
        Price price = new() { InputPerMillion = 1m, OutputPerMillion = 1m, RegionUplift = 1.1m };
        Assert.That(price.CostUsd(1_000_000, 0), Is.EqualTo(1m));
        Assert.That(price.InRegion().CostUsd(1_000_000, 0), Is.EqualTo(1.1m));
        Assert.That(price.InRegion().InRegion().CostUsd(1_000_000, 0), Is.EqualTo(1.1m));
    }

    [Test]
    public void Cost_WhosePartsExceedTheWhole_Throws() =>
        Assert.That(() => Tiered.CostUsd(10, 0, cachedInputTokens: 11), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Cost_OfMoreOutput_IsNeverLess() =>
        Gen.Select(Gen.Long[0, 1_000_000], Gen.Long[0, 100_000], Gen.Long[0, 100_000])
            .Sample((input, output, more) => Tiered.CostUsd(input, output + more) >= Tiered.CostUsd(input, output));
}
