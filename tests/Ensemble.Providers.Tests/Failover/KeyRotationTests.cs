using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>Two keys for one model, written in JSON and nowhere else: a key that is refused is left alone, over real sockets.</summary>
internal sealed class KeyRotationTests
{
    private static readonly Answer Good = new() { Pieces = ["The good", " answer."] };

    [Test]
    public async Task KeysInJson_ARefusedOneIsLeftAlone_AndTheNextAnswersFromThenOn([Values] bool streaming, [Values(401, 402, 429)] int status, [Values] bool direct)
    {
        ChatScript dialect = new();
        Play refusal = dialect.Error(status, status == 402 ? "insufficient_quota" : status == 429 ? "rate_limit_exceeded" : "invalid_api_key");
        RecordedRoute route = RecordingServer.Open(status == 429 ? refusal.With("retry-after", "30") : refusal, dialect.PlayOf(Good, streaming), dialect.PlayOf(Good, streaming));
        string json = $$"""
            { "Ensemble": {
                "Models": { "mini": { "Provider": "openai", "Model": "test-model", "Api": "chat", "Endpoint": "{{route.Address}}", "Deployments": {
                    "first": { "ApiKey": "key-one" },
                    "second": { "ApiKey": "key-two" } } } },
                "Compositions": { "main": { "Kind": "route", "Members": "mini" } } } }
            """;
        ServiceCollection services = new();
        services.AddEnsemble(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build()).AddProviders();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient client = provider.GetRequiredService<IEnsembleClients>().Get(direct ? "mini" : "main");

        for (int request = 0; request < 2; request++)
        {
            ChatResponse response = streaming ? await client.GetStreamingResponseAsync("?").ToChatResponseAsync() : await client.GetResponseAsync("?");
            Assert.That(response.Text, Is.EqualTo("The good answer."));
            Assert.That($"{response.GetReceipt()}", Does.Not.Contain("key-"));
        }

        Assert.That(route.Requests.Select(request => request.Headers["Authorization"]), Is.EqualTo(new[] { "Bearer key-one", "Bearer key-two", "Bearer key-two" }));
    }
}
