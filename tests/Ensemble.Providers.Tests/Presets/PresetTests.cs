using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>The table of providers, and how a model finds its address and key.</summary>
internal sealed class PresetTests
{
    [Test]
    public void Table_EveryPreset_NamesTheSourceOfItsFacts()
    {
        Assert.That(ProviderPresets.All.Select(p => p.Name), Is.Unique);
        foreach (ProviderPreset preset in ProviderPresets.All)
        {
            Assert.That(preset.Sources.Keys, Is.SupersetOf(["endpoint", "keyVariable", "outputLimitField"]), preset.Name);
            Assert.That(preset.Protocol, Is.AnyOf("chat", "messages", "ollama"), preset.Name);
        }
    }

    [Test]
    public void Table_HasTheProvidersThatPeopleHaveKeysFor() =>
        Assert.That(ProviderPresets.All.Select(p => p.Name), Is.EquivalentTo([
            "openai", "azure", "anthropic", "gemini", "vertexai", "bedrock", "sagemaker", "mistral", "deepseek", "groq", "openrouter",
            "snowflake", "databricks", "gcore", "hyperclova", "ollama", "openai-compatible"]));

    // Whoever is asked at the vendor itself has the catalog's price, whatever the catalog calls the vendor.
    [TestCase("openai", "gpt-5-mini")]
    [TestCase("azure", "gpt-5-mini")]
    [TestCase("anthropic", "claude-haiku-4-5")]
    [TestCase("gemini", "gemini-2.5-flash")]
    [TestCase("gemini", "models/gemini-2.5-flash")]
    [TestCase("vertexai", "google/gemini-2.5-flash")]
    [TestCase("mistral", "codestral-latest")]
    [TestCase("deepseek", "deepseek-chat")]
    [TestCase("groq", "openai/gpt-oss-120b")]
    public void Vendor_HasThePricesOfTheCatalog(string provider, string model)
    {
        ServiceCollection services = new();
        Dictionary<string, string?> settings = new() { ["Ensemble:Models:m:Provider"] = provider, ["Ensemble:Models:m:Model"] = model, ["Ensemble:Models:m:ApiKey"] = "x" };
        foreach (string setting in provider switch { "azure" => ["Resource"], "vertexai" => ["Region", "Project"], _ => Array.Empty<string>() })
        {
            settings[$"Ensemble:Models:m:{setting}"] = "us-east1";
        }

        services.AddEnsemble(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddProviders();
        using ServiceProvider provided = services.BuildServiceProvider();
        RouteExplanation explained = provided.GetRequiredService<IEnsembleClients>().Explain("m", [new ChatMessage(ChatRole.User, "hello")]);
        Assert.That(explained.Candidates.Single().Price.IsKnown, Is.True);
    }

    [TestCase("openai/gpt-5-mini", "openai", "gpt-5-mini")]
    [TestCase("OpenRouter/meta-llama/llama-3.3-70b", "openrouter", "meta-llama/llama-3.3-70b")]
    [TestCase("ollama/qwen3:8b", "ollama", "qwen3:8b")]
    public void Text_ProviderSlashModel_IsRead(string text, string provider, string model)
    {
        Assert.That(ProviderPresets.TryParse(text, out ProviderPreset? preset, out string? found), Is.True);
        Assert.That((preset!.Name, found), Is.EqualTo((provider, model)));
    }

    [TestCase("gpt-5-mini")]
    [TestCase("openai/")]
    [TestCase("/gpt-5-mini")]
    [TestCase("nobody/gpt-5-mini")]
    public void Text_AnythingElse_IsNotRead(string text) =>
        Assert.That(ProviderPresets.TryParse(text, out _, out _), Is.False);

    [Test]
    public void Readiness_KeyInTheConfiguration_IsReadyAndNeverShown()
    {
        IConfiguration configuration = Configuration(("MISTRAL_API_KEY", DialectScript.Key));
        ProviderReadiness mistral = ProviderReadiness.Survey(configuration).Single(r => r.Preset.Name == "mistral");
        Assert.That(mistral.IsReady, Is.True);
        Assert.That(mistral.ToString(), Is.EqualTo("mistral: ready"));
    }

    [Test]
    public void Readiness_WhatIsMissing_IsNamed()
    {
        Assert.That(Find("vertexai").Missing, Is.EqualTo(["VERTEX_AI_ACCESS_TOKEN", "setting Region", "setting Project"]));
        Assert.That(Find("openai-compatible").Missing, Is.EqualTo(["setting Endpoint"]));
        Assert.That(Find("ollama").IsReady, Is.True);

        static ProviderReadiness Find(string name) => ProviderReadiness.Survey(Configuration()).Single(r => r.Preset.Name == name);
    }

    [TestCase("vertexai", "https://eu-west-aiplatform.googleapis.com/v1/projects/p1/locations/eu-west/endpoints/openapi")]
    [TestCase("bedrock", "https://bedrock-runtime.eu-west.amazonaws.com/openai/v1")]
    [TestCase("azure", "https://my-resource.openai.azure.com/openai/v1/")]
    public void Endpoint_PatternAndSettings_MakeTheAddress(string provider, string address)
    {
        HostedModel model = Describe(provider, ("Region", "eu-west"), ("Project", "p1"), ("Resource", "my-resource"), ("ApiKey", "k"));
        Assert.That(model.Endpoint.AbsoluteUri, Is.EqualTo(address));
    }

    [TestCase("openai", "ENSEMBLE_TEST_NO_SUCH_KEY")]
    [TestCase("azure", "Resource")]
    [TestCase("openai-compatible", "Endpoint")]
    public void Model_SomethingIsMissing_TheErrorNamesItAndTheFix(string provider, string missing)
    {
        EnsembleException error = Assert.Throws<EnsembleException>(() => Describe(provider, ("KeyVariable", "ENSEMBLE_TEST_NO_SUCH_KEY")))!;
        Assert.That(error.Message, Does.Contain(missing).And.Contain("test:path"));
    }

    [TestCase("TimeoutSeconds", "soon", "number of seconds")]
    [TestCase("StrictOptions", "maybe", "true or false")]
    [TestCase("Api", "grpc", "chat or responses")]
    [TestCase("Endpoint", "ftp://x", "https://")]
    [TestCase("Credential", "managedidentity", "takes a key")]
    public void Setting_IsWrong_TheErrorNamesItsValueAndTheFix(string setting, string value, string fix)
    {
        EnsembleException error = Assert.Throws<EnsembleException>(() => Describe("openai", ("ApiKey", DialectScript.Key), (setting, value)))!;
        Assert.That(error.Message, Does.Contain(value).And.Contain(fix).And.Not.Contain(DialectScript.Key));
    }

    [Test]
    public void Model_HasAKey_ShowsItNowhere()
    {
        HostedModel model = Describe("openai", ("ApiKey", DialectScript.Key));
        using EndpointPool pool = new();
        using HostedChatClient client = new(model, pool.Get(model.Endpoint));
        Assert.That($"{model} {model.Credential} {client} {client.GetService<ChatClientMetadata>()}", Does.Not.Contain(DialectScript.Key));
        string json = System.Text.Json.JsonSerializer.Serialize(new { model.Name, Credential = model.Credential.ToString(), Metadata = client.GetService<ChatClientMetadata>() });
        Assert.That(json, Does.Not.Contain(DialectScript.Key));
    }

    [Test]
    public void Endpoint_TwoModels_ShareOnePool()
    {
        using EndpointPool pool = new();
        Assert.That(pool.Get(new Uri("https://api.example.com/v1")), Is.SameAs(pool.Get(new Uri("https://api.example.com/v2"))));
        Assert.That(pool.Get(new Uri("https://api.example.com:444/v1")), Is.Not.SameAs(pool.Get(new Uri("https://api.example.com/v1"))));
    }

    [Test]
    public async Task Configuration_ProviderByName_Answers()
    {
        RecordedRoute route = RecordingServer.Open(new ChatScript().Whole(new Answer()));
        IConfiguration configuration = Configuration(
            ("Ensemble:Default", "mini"), ("Ensemble:Models:mini:Provider", "openai"), ("Ensemble:Models:mini:Model", "gpt-5-mini"),
            ("Ensemble:Models:mini:Endpoint", route.Address.AbsoluteUri), ("OPENAI_API_KEY", DialectScript.Key));
        ServiceCollection services = new();
        services.AddSingleton(configuration);
        services.AddEnsemble(configuration).AddProviders();
        await using ServiceProvider provider = services.BuildServiceProvider();
        ChatResponse response = await provider.GetRequiredService<IChatClient>().GetResponseAsync("?");
        Assert.That(response.Text, Is.EqualTo(new Answer().Text));
        Assert.That(route.Requests.Single().Headers["Authorization"], Is.EqualTo($"Bearer {DialectScript.Key}"));
    }

    [TestCase("openai", "Authorization", "Bearer " + DialectScript.Key)]
    [TestCase("azure", "api-key", DialectScript.Key)]
    [TestCase("gcore", "X-API-Key", DialectScript.Key)]
    public async Task Key_EachPreset_StandsInItsHeaderAlone(string provider, string header, string value)
    {
        RecordedRoute route = RecordingServer.Open(new ChatScript().Whole(new Answer()));
        using IChatClient client = new ChatScript().Connect(provider, route);
        await client.GetResponseAsync("?");
        IReadOnlyDictionary<string, string> headers = route.Requests.Single().Headers;
        Assert.That(headers[header], Is.EqualTo(value));
        Assert.That(headers.Count(h => h.Key is "Authorization" or "api-key" or "X-API-Key"), Is.EqualTo(1));
    }

    [Test]
    public async Task Credential_OfTheServices_GivesTheToken()
    {
        RecordedRoute route = RecordingServer.Open(new ChatScript().Whole(new Answer()));
        ServiceCollection services = new();
        services.AddSingleton<Azure.Core.TokenCredential>(new FixedToken("entra-token"));
        services.AddEnsemble().AddProviders().AddModel("m", m => m.Azure("r", "d").At(route.Address).With("Credential", "services"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        await provider.GetRequiredKeyedService<IChatClient>("m").GetResponseAsync("?");
        Assert.That(route.Requests.Single().Headers["Authorization"], Is.EqualTo("Bearer entra-token https://cognitiveservices.azure.com/.default"));
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build();

    private static HostedModel Describe(string provider, params (string Name, string Value)[] settings)
    {
        Assert.That(ProviderPresets.TryFind(provider, out ProviderPreset? preset), Is.True);
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        return new HostedModelProvider(preset!).Describe(
            new ModelRegistration { Name = "m", Provider = provider, Model = "id", Path = "test:path", Settings = settings.ToDictionary(s => s.Name, s => s.Value) }, services);
    }

    private sealed class FixedToken(string token) : Azure.Core.TokenCredential
    {
        public override Azure.Core.AccessToken GetToken(Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new($"{token} {requestContext.Scopes[0]}", DateTimeOffset.MaxValue);

        public override ValueTask<Azure.Core.AccessToken> GetTokenAsync(Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
