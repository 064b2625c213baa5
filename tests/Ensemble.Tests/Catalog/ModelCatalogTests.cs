using System.Text;

namespace Ensemble.Tests.Catalog;

internal sealed class ModelCatalogTests
{
    [Test]
    public void Default_EveryRow_HasASourceAndADateOnItsPrice() =>
        Assert.That(ModelCatalog.Default.Cards.Where(card => card.Price.Source is null || card.Price.AsOf is null).Select(card => card.Id), Is.Empty);

    [Test]
    public void Default_HasTheWellKnownProviders_AndRetiredModelsStay()
    {
        IReadOnlyList<ModelCard> cards = ModelCatalog.Default.Cards;
        Assert.That(cards, Has.Count.GreaterThanOrEqualTo(200));
        Assert.That(cards.Select(card => card.Provider).Distinct(), Is.SupersetOf(new[] { "openai", "anthropic", "google", "mistral", "deepseek", "xai", "azure" }));
        Assert.That(ModelCatalog.Default.Find("gemini-1.5-pro", "google")?.Price.IsKnown, Is.True);
        Assert.That(ModelCatalog.Default.Find("gemini-2.5-flash", "gemini")?.Price.CostUsd(1_000_000, 0), Is.EqualTo(0.3m), "what the provider is called in the configuration");
        Assert.That(ModelCatalog.Default.With([new ModelCard { Id = "gemini-2.5-flash", Provider = "gemini", Price = new Price { InputPerMillion = 1, OutputPerMillion = 1 } }]).Find("gemini-2.5-flash", "Gemini")?.Price.InputPerMillion, Is.EqualTo(1m));
        Assert.That(ModelCatalog.Default.Find("gpt-3.5-turbo", "openai")?.IsOfferedOn(new DateOnly(2026, 11, 25)), Is.False);
    }

    [Test]
    public void Default_APriceOfZeroInATable_IsUnknown()
    {
        Assert.That(ModelCatalog.Default.Cards.Where(card => card.Price.InputPerMillion == 0m).Select(card => card.Id), Is.Empty);
        Assert.That(ModelCatalog.Default.Find("glm-4.7-flash", "zai")?.Price.IsKnown, Is.False);
    }

    [Test]
    public void Default_ACard_CarriesWindowCapabilitiesEncodingAndPrice()
    {
        ModelCard card = ModelCatalog.Default.Find("gpt-5-mini", "openai")!;
        Assert.That(card.ContextWindow, Is.EqualTo(400_000));
        Assert.That(card.MaxOutputTokens, Is.EqualTo(128_000));
        Assert.That(card.Capabilities!.Value.HasFlag(ModelCapabilities.Tools | ModelCapabilities.JsonSchema | ModelCapabilities.Reasoning), Is.True);
        Assert.That(card.Encoding, Is.EqualTo("o200k_base"));
        Assert.That(card.Price.CostUsd(1_000_000, 0), Is.EqualTo(0.25m));
        Assert.That(card.Languages, Does.Contain("ko"));
    }

    [Test]
    public void Default_WhatAModelCanDo_IsKnownWithItsSourceUnlessNoTableSaysSo()
    {
        ModelCard opus = ModelCatalog.Default.Find("claude-opus-4-1", "anthropic")!;
        Assert.That(opus.Capabilities!.Value.HasFlag(ModelCapabilities.Tools | ModelCapabilities.Vision | ModelCapabilities.JsonSchema), Is.True);
        Assert.That(opus.CapabilitiesSource, Does.StartWith("litellm bedrock_converse/").And.EndsWith("2026-11-01"));
        Assert.That(opus.MaxOutputTokens, Is.EqualTo(32_000));
        Assert.That(ModelCatalog.Default.Cards.Where(card => card.Capabilities is null == card.CapabilitiesSource is not null).Select(card => card.Id), Is.Empty);
        Assert.That(
            ModelCatalog.Default.Cards.Where(card => card.Capabilities is null).Select(card => card.Id),
            Is.EquivalentTo(new[]
            {
                "chatgpt-4o-latest", "claude-2", "gemini-1.5-flash", "gemini-1.5-pro", "gemini-2.0-flash", "gemini-2.0-flash-lite",
                "gemini-3-pro-preview", "c4ai-aya-expanse-32b", "openai/gpt-oss-20b", "deepseek-ai/DeepSeek-V3.1",
            }));
        Assert.That(ModelCatalog.Default.Find("sonar", "perplexity")!.Capabilities, Is.EqualTo(ModelCapabilities.None), "a table says that it is text only");
    }

    [Test]
    public void Default_UpliftsOfARegion_AreThoseOfTheTable()
    {
        Assert.That(ModelCatalog.Default.Find("gpt-5-mini", "azure")!.Price.RegionUplift, Is.EqualTo(1.1m));
        Assert.That(ModelCatalog.Default.Cards.Where(card => card.Price.RegionUplift != 1m).Select(card => card.Provider), Is.All.EqualTo("azure").And.Exactly(25).Items);
    }

    [Test]
    public void Default_WhereTheTablesDisagree_BothPricesAreVisible()
    {
        ModelCard card = ModelCatalog.Default.Find("deepseek-v4-pro", "deepseek")!;
        Assert.That(card.Price.InputPerMillion, Is.EqualTo(1.32m));
        Assert.That(card.DisputedPrice?.InputPerMillion, Is.EqualTo(0.66m));
        Assert.That(card.Price.Source, Is.Not.EqualTo(card.DisputedPrice?.Source));
    }

    [Test]
    public void Default_LongPromptsOfTieredModels_CostMore()
    {
        Price price = ModelCatalog.Default.Find("gemini-2.5-pro")!.Price;
        Assert.That(price.CostUsd(200_000, 0), Is.EqualTo(0.25m));
        Assert.That(price.CostUsd(400_000, 0), Is.EqualTo(1m));
    }

    [Test]
    public void Find_WithADate_FallsBackToTheUndatedModel()
    {
        Assert.That(ModelCatalog.Default.Find("gpt-5-mini-2025-08-07")?.Id, Is.EqualTo("gpt-5-mini"));
        Assert.That(ModelCatalog.Default.Find("CLAUDE-haiku-4-5-20251001", "anthropic")?.Id, Is.EqualTo("claude-haiku-4-5"));
        Assert.That(ModelCatalog.Default.Find("gpt-4o-2024-05-13")?.Price.InputPerMillion, Is.EqualTo(5m));
        Assert.That(ModelCatalog.Default.Find("no-such-model"), Is.Null);
    }

    [Test]
    public void Find_AtAnotherProvider_KnowsTheModelButNotItsPrice()
    {
        ModelCard card = ModelCatalog.Default.Find("gpt-5-mini", "someone-else")!;
        Assert.That(card.ContextWindow, Is.EqualTo(400_000));
        Assert.That(card.Price.IsKnown, Is.False);
    }

    [TestCase("anthropic/claude-sonnet-4.5", "claude-sonnet-4-5")]
    [TestCase("openrouter/anthropic/claude-sonnet-4.5:nitro", "claude-sonnet-4-5")]
    [TestCase("x-ai/grok-4.3", "grok-4.3")]
    [TestCase("openai/gpt-5-mini-2025-08-07", "gpt-5-mini")]
    [TestCase("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5")]
    [TestCase("bedrock/anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5")]
    public void Find_AGatewaysId_KnowsTheVendorsModelButNotItsPrice(string id, string model)
    {
        ModelCard card = ModelCatalog.Default.Find(id, "openai")!;
        Assert.That((card.Id, card.Price.IsKnown, card.ContextWindow > 0), Is.EqualTo((model, false, true)));
    }

    [TestCase("azure/gpt-5")]
    [TestCase("somebody/gpt-5")]
    [TestCase("anthropic/gpt-5")]
    [TestCase("anthropic.gpt-5")]
    [TestCase("http://anthropic/claude-sonnet-4-5")]
    [TestCase("claude-sonnet-4.5")]
    public void Find_AnIdThatOnlyLooksLikeAGateways_IsUnknown(string id) => Assert.That(ModelCatalog.Default.Find(id), Is.Null);

    [Test]
    public void With_AUsersCard_CountsBeforeOursAndLeavesTheOldCatalogAlone()
    {
        ModelCard mine = new() { Id = "gpt-5-mini", Price = new Price { InputPerMillion = 1m, OutputPerMillion = 1m, Source = "user" } };
        ModelCatalog changed = ModelCatalog.Default.With([mine]);
        Assert.That(changed.Find("gpt-5-mini", "openai"), Is.SameAs(mine));
        Assert.That(ModelCatalog.Default.Find("gpt-5-mini", "openai"), Is.Not.SameAs(mine));
    }

    [Test]
    public void Parse_AUsersFile_ReadsTheSameForm()
    {
        const string Json = """
            { "languages": { "both": ["en", "ko"] },
              "models": [ { "id": "house-7b", "window": 8192, "can": ["tools"], "languages": "both", "energy": "small", "price": { "in": 0.1, "out": 0.2 } } ] }
            """;
        ModelCard card = ModelCatalog.Parse(Encoding.UTF8.GetBytes(Json)).Find("house-7b")!;
        Assert.That(card.Languages, Is.EqualTo(new[] { "en", "ko" }));
        Assert.That(card.Capabilities, Is.EqualTo(ModelCapabilities.Tools));
        Assert.That(card.EnergyClass, Is.EqualTo(EnergyClass.Small));
    }

    [TestCase("""{ "models": [ { "id": "a", "can": ["fly"] } ] }""")]
    [TestCase("""{ "models": [ { "id": "a", "languages": "nowhere" } ] }""")]
    [TestCase("""{ "models": [ { "id": "a", "windw": 1 } ] }""")]
    [TestCase("""{ "models": [ { "window": 1 } ] }""")]
    [TestCase("not json")]
    public void Parse_AFaultyFile_Throws(string json) =>
        Assert.That(() => ModelCatalog.Parse(Encoding.UTF8.GetBytes(json)), Throws.InstanceOf<EnsembleException>());
}
