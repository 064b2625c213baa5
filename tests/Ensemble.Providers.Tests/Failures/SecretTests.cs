using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Azure.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ensemble.Providers.Tests;

/// <summary>A key reaches neither logs nor receipts nor exceptions, even when the server quotes it in everything it says.</summary>
internal sealed class SecretTests
{
    public static IEnumerable<DialectScript> Dialects => DialectScript.All;

    [Test]
    public async Task Key_ServerQuotesIt_IsInNoLogReceiptOrException([ValueSource(nameof(Dialects))] DialectScript dialect, [Values] bool streaming) =>
        await CheckAsync(dialect, streaming, (model, route) => dialect.Configure(model, dialect.Preset, route));

    [Test]
    public async Task Token_OfAzureCredential_ServerQuotesIt_IsInNoLogReceiptOrException([Values] bool streaming)
    {
        RecordedRoute[] asked = await CheckAsync(new ChatScript(), streaming, (model, route) =>
            model.Hosted("azure", "test-model").At(route.Address).With("Credential", "services"));
        Assert.That(asked[0].Requests.Single().Headers["Authorization"], Is.EqualTo($"Bearer {DialectScript.Key}"), "The token did travel.");
    }

    [Test]
    public void Key_InDebuggerAndText_IsMasked([ValueSource(nameof(Dialects))] DialectScript dialect)
    {
        ServiceCollection services = new();
        RecordedRoute route = RecordingServer.Open(dialect.Whole(new Answer()));
        services.AddEnsemble().AddProviders().AddModel("a", model => dialect.Configure(model, dialect.Preset, route));
        using ServiceProvider provider = services.BuildServiceProvider();
        HostedChatClient client = provider.GetRequiredKeyedService<IChatClient>("a").GetService<HostedChatClient>()!;
        HostedModel model = (HostedModel)typeof(HostedChatClient).GetField("_model", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(client)!;
        Secret secret = new(DialectScript.Key);
        Assert.That($"{client} {model} {model.Credential} {secret}", Does.Not.Contain(DialectScript.Key));
        Assert.That(typeof(Secret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value, Is.EqualTo("***"));
        Assert.That(typeof(Secret).GetField("_value", BindingFlags.NonPublic | BindingFlags.Instance)!.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State, Is.EqualTo(DebuggerBrowsableState.Never));
        Assert.That(typeof(HostedModel).GetProperty(nameof(HostedModel.Credential))!.GetCustomAttribute<DebuggerBrowsableAttribute>()!.State, Is.EqualTo(DebuggerBrowsableState.Never));
    }

    private static async Task<RecordedRoute[]> CheckAsync(DialectScript dialect, bool streaming, Action<ModelOptions, RecordedRoute> configure)
    {
        RecordedRoute first = RecordingServer.Open(dialect.Error(401, DialectScript.Key, $"Incorrect API key: {DialectScript.Key}").With("x-request-id", DialectScript.Key));
        RecordedRoute second = RecordingServer.Open(dialect.Error(500, DialectScript.Key, DialectScript.Key));
        using LogCollector logs = new();
        ServiceCollection services = new();
        services.AddSingleton<TokenCredential>(new FixedToken());
        services.AddLogging(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        services.AddEnsemble().AddProviders()
            .AddModel("a", model => configure(model, first))
            .AddModel("b", model => configure(model, second))
            .AddRouter("router", "a, b");
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient router = provider.GetRequiredKeyedService<IChatClient>("router");

        AllMembersFailedException error = (await Assert.ThrowsAsync<AllMembersFailedException>(async () =>
            _ = streaming ? await router.GetStreamingResponseAsync("?").ToChatResponseAsync() : await router.GetResponseAsync("?")))!;

        Assert.That(logs.Lines, Is.Not.Empty);
        Assert.That(logs.Lines, Has.None.Contains(DialectScript.Key));
        Assert.That(error.ToString(), Does.Not.Contain(DialectScript.Key));
        Assert.That($"{error.Receipt}", Does.Not.Contain(DialectScript.Key));
        Assert.That(System.Text.Json.JsonSerializer.Serialize(error.Receipt), Does.Not.Contain(DialectScript.Key));
        Assert.That(error.Attempts.Select(a => a.Failure), Is.EqualTo([FailureClass.Unauthorized, FailureClass.Transport]));
        return [first, second];
    }

    private sealed class FixedToken : TokenCredential
    {
        private static readonly AccessToken Token = new(DialectScript.Key, DateTimeOffset.MaxValue);

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => Token;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(Token);
    }

    private sealed class LogCollector : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
