using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ensemble.Tests;

public class ReloadTests
{
    private readonly NamedProvider _provider = new();
    private readonly Lines _log = new();
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection(
    [
        new("Ensemble:Default", "main"),
        new("Ensemble:Models:a:Provider", "fake"),
        new("Ensemble:Models:b:Provider", "fake"),
        new("Ensemble:Compositions:main:Kind", "route"),
        new("Ensemble:Compositions:main:Members", "a"),
    ]).Build();

    [Test]
    public async Task Reload_SwapsWhole_NamesThatItAddsAreFound_AndClientsThatStayAreKept()
    {
        await using ServiceProvider services = Services();
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        IChatClient main = services.GetRequiredKeyedService<IChatClient>("main");
        IChatClient standard = services.GetRequiredService<IChatClient>();
        Assert.That((await main.GetResponseAsync("x")).Text, Is.EqualTo("a"));
        Change(("Compositions:main:Members", "b"), ("Models:c:Provider", "fake"), ("Models:a:Quality", "0.5"), ("Default", "c"));
        Assert.That((await main.GetResponseAsync("x")).Text, Is.EqualTo("b"));
        Assert.That((await clients.Get("c").GetResponseAsync("x")).Text, Is.EqualTo("c"));
        Assert.That((await standard.GetResponseAsync("x")).Text, Is.EqualTo("c"));
        Assert.That(_provider.Made.Select(model => model.Name), Is.Unique, "what its user knows of a model does not load it again");
    }

    [Test]
    public async Task ANameThatOneReloadTakesAway_AnotherBringsBack([Values] bool found)
    {
        Whole file = new();
        file.Write(("Default", "main"), ("Models:a:Provider", "fake"), ("Models:b:Provider", "fake"), ("Compositions:main:Kind", "route"), ("Compositions:main:Members", "a"));
        ServiceCollection collection = new();
        collection.AddLogging(logging => logging.AddProvider(_log));
        collection.AddSingleton<IModelProvider>(_provider);
        collection.AddEnsemble(new ConfigurationBuilder().Add(file).Build());
        await using ServiceProvider services = collection.BuildServiceProvider();
        IChatClient main = services.GetRequiredKeyedService<IChatClient>("main");
        _ = found ? services.GetRequiredKeyedService<IChatClient>("b") : null;
        Assert.That((await main.GetResponseAsync("x")).Text, Is.EqualTo("a"));
        file.Write(("Default", "main"), ("Models:a:Provider", "fake"), ("Compositions:main:Kind", "route"), ("Compositions:main:Members", "a"));
        Assert.That((await main.GetResponseAsync("x")).Text, Is.EqualTo("a"));
        file.Write(("Default", "main"), ("Models:b:Provider", "fake"), ("Compositions:main:Kind", "route"), ("Compositions:main:Members", "b"));
        Assert.That((await main.GetResponseAsync("x")).Text, Is.EqualTo("b"), string.Join(Environment.NewLine, _log.Written));
    }

    [Test]
    public async Task InvalidConfiguration_KeepsTheOldOne_AndSaysSo()
    {
        await using ServiceProvider services = Services();
        IChatClient main = services.GetRequiredKeyedService<IChatClient>("main");
        _ = await main.GetResponseAsync("x");
        Change(("Compositions:main:Members", "nobody"), ("Models:c:Provider", "fake"));
        Assert.That((await main.GetResponseAsync("x")).Text, Is.EqualTo("a"));
        Assert.That(_log.Written, Has.One.Contains("the old one stays in force").And.Contains("'nobody' is no model"));
        Assert.That(() => services.GetRequiredService<IEnsembleClients>().Get("c"), Throws.InstanceOf<EnsembleException>());
        Change(("Compositions:main:Members", "c"));
        Assert.That((await main.GetResponseAsync("x")).Text, Is.EqualTo("c"));
    }

    [Test]
    public async Task WhateverFailsInAReload_KeepsTheOldOne_AndSaysSo()
    {
        bool broken = false;
        await using ServiceProvider services = Services(builder => builder.ConfigureClient("main", client => client.Use(inner => broken ? throw new InvalidOperationException("the cache is not there") : inner)));
        IChatClient main = services.GetRequiredKeyedService<IChatClient>("main");
        _ = await main.GetResponseAsync("x");
        broken = true;
        Assert.That(() => Change(("Compositions:main:Members", "b")), Throws.Nothing);
        Assert.That((await main.GetResponseAsync("x")).Text, Is.EqualTo("a"));
        Assert.That(_log.Written, Has.One.Contains("the old one stays in force").And.Contains("the cache is not there"));
        broken = false;
        Change(("Models:a:Says", "new"));
        Assert.That((await main.GetResponseAsync("x")).Text, Is.EqualTo("b"));
    }

    [Test]
    public async Task RequestInFlight_KeepsItsModel_WhichIsDisposedWhenItEnds([Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        IChatClient main = services.GetRequiredKeyedService<IChatClient>("main");
        _ = await main.GetResponseAsync("x");
        NamedProvider.NamedModel old = _provider.Made.Single(model => model.Name == "a");
        old.Gate = new TaskCompletionSource();
        Task<ChatResponse> running = main.AskAsync(streaming, "x");
        Change(("Models:a:Says", "new"));
        Assert.That((await main.AskAsync(streaming, "x")).Text, Is.EqualTo("new"));
        Assert.That(old.IsDisposed, Is.False);
        old.Gate.SetResult();
        Assert.That((await running).Text, Is.EqualTo("a"));
        Assert.That(old.IsDisposed, Is.True);
    }

    [Test]
    public async Task ReloadUnderLoad_LosesNoRequest()
    {
        const int Workers = 4;
        const int Requests = 200;
        await using ServiceProvider services = Services();
        IChatClient main = services.GetRequiredKeyedService<IChatClient>("main");
        int answered = 0;
        Task[] load = [.. Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            for (int i = 0; i < Requests; i++)
            {
                ChatResponse response = await main.AskAsync(streaming: (i + worker) % 2 == 0, "x");
                Assert.That(response.Text, Does.Match("^(a|v\\d+)$"));
                Interlocked.Increment(ref answered);
            }
        }))];
        int version = 0;
        do
        {
            // Every third configuration is invalid.
            version++;
            Change(("Models:a:Says", $"v{version}"), ("Compositions:main:Members", version % 3 == 0 ? "nobody" : "a"));
            await Task.Yield();
        }
        while (!Task.WhenAll(load).IsCompleted);
        await Task.WhenAll(load);
        Assert.That(answered, Is.EqualTo(Workers * Requests));
        Assert.That(version, Is.GreaterThan(1));
        Assert.That(_provider.Made.Count(model => !model.IsDisposed), Is.EqualTo(2), "every model that was replaced has been released");
    }

    [Test]
    public async Task Container_DisposesTheModelsThatAreInUse()
    {
        ServiceProvider services = Services();
        _ = await services.GetRequiredKeyedService<IChatClient>("main").GetResponseAsync("x");
        await services.DisposeAsync();
        Assert.That(_provider.Made, Is.Not.Empty);
        Assert.That(_provider.Made.Select(model => model.IsDisposed), Is.All.True);
    }

    private void Change(params (string Key, string Value)[] settings)
    {
        foreach ((string key, string value) in settings)
        {
            _configuration["Ensemble:" + key] = value;
        }

        _configuration.Reload();
    }

    private ServiceProvider Services(Action<IEnsembleBuilder>? add = null)
    {
        _configuration["Ensemble:Models:a:Says"] ??= "a";
        ServiceCollection collection = new();
        collection.AddLogging(logging => logging.AddProvider(_log));
        collection.AddSingleton<IModelProvider>(_provider);
        IEnsembleBuilder builder = collection.AddEnsemble(_configuration);
        add?.Invoke(builder);
        return collection.BuildServiceProvider();
    }

    /// <summary>A file that is written anew: what it no longer holds is gone.</summary>
    private sealed class Whole : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Write(params (string Key, string Value)[] settings)
        {
            Data = settings.ToDictionary(setting => "Ensemble:" + setting.Key, setting => (string?)setting.Value, StringComparer.OrdinalIgnoreCase);
            OnReload();
        }
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public List<string> Written { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Written)
            {
                Written.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
