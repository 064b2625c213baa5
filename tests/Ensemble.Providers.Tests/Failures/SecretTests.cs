using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ensemble.Providers.Tests;

/// <summary>A key reaches neither logs nor receipts nor exceptions, even when the server quotes it in everything it says.</summary>
internal sealed class SecretTests
{
    [Test]
    public async Task Key_ServerQuotesIt_IsInNoLogReceiptOrException([Values] bool streaming)
    {
        ChatScript dialect = new();
        RecordedRoute first = RecordingServer.Open(dialect.Error(401, DialectScript.Key, $"Incorrect API key: {DialectScript.Key}").With("x-request-id", DialectScript.Key));
        RecordedRoute second = RecordingServer.Open(Play.Json($"{{\"error\":{{\"code\":\"{DialectScript.Key}\"}}}}", 500));
        using LogCollector logs = new();
        ServiceCollection services = new();
        services.AddLogging(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        services.AddEnsemble().AddProviders()
            .AddModel("a", model => dialect.Configure(model, "openai", first))
            .AddModel("b", model => dialect.Configure(model, "openai", second))
            .AddRouter("router", "a, b");
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient router = provider.GetRequiredKeyedService<IChatClient>("router");

        AllMembersFailedException error = (await Assert.ThrowsAsync<AllMembersFailedException>(async () =>
            _ = streaming ? await router.GetStreamingResponseAsync("?").ToChatResponseAsync() : await router.GetResponseAsync("?")))!;

        Assert.That(logs.Lines, Is.Not.Empty);
        Assert.That(logs.Lines, Has.None.Contains(DialectScript.Key));
        Assert.That(error.ToString(), Does.Not.Contain(DialectScript.Key));
        Assert.That(System.Text.Json.JsonSerializer.Serialize(error.Receipt), Does.Not.Contain(DialectScript.Key));
        Assert.That(error.Attempts.Select(a => a.Failure), Is.EqualTo([FailureClass.Unauthorized, FailureClass.Transport]));
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
