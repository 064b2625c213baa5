using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ensemble.Tests;

/// <summary>What happens to real files: they are half written, emptied and deleted. The old configuration stays in force, and the log says why.</summary>
public class FileReloadTests
{
    private const string Right = """{"Ensemble":{"Default":"a","Models":{"a":{"Provider":"fake"},"b":{"Provider":"fake"}}}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("ensemble-reload").FullName;
    private readonly Errors _log = new();
    private IConfigurationRoot _configuration = null!;
    private ServiceProvider _services = null!;

    private string File1 => Path.Combine(_folder, "one.json");

    private string File2 => Path.Combine(_folder, "two.json");

    [SetUp]
    public void Start()
    {
        File.WriteAllText(File1, Right);
        File.WriteAllText(File2, "{}");
        _configuration = new ConfigurationBuilder().AddJsonFile(File1).AddJsonFile(File2).Build();
        ServiceCollection collection = new();
        collection.AddLogging(logging => logging.AddProvider(_log));
        collection.AddSingleton<IModelProvider>(new NamedProvider());
        collection.AddEnsemble(_configuration);
        _services = collection.BuildServiceProvider();
        _ = _services.GetRequiredService<IEnsembleClients>().Models;
        _log.Messages.Clear();
    }

    [TearDown]
    public void Stop()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("""{"Ensemble":{"Default":"a","Models":{"a":{"Prov""", "'one.json' could not be read", Description = "half written")]
    [TestCase("", "'one.json' could not be read", Description = "emptied")]
    [TestCase("""{"Ensemble":{"Default":"a","Models":{"a":{"Provider":"fake"}},"models":{"a":{"Provider":"fake"}}}}""", "A duplicate key 'Ensemble:models:a:Provider' was found. Two keys that differ in case only, here or in the path above, are one key: merge them, or rename one.", Description = "one key twice")]
    [TestCase("{}", "the section Ensemble is gone, or empty", Description = "without the section")]
    [TestCase("""{"Ensemble":{"Models":{"a":{"Provider":"fake"},"b":{"Provider":"fake"}}}}""", "Ensemble:Default was 'a' and is nobody now", Description = "the default gone")]
    public async Task AFileThatIsNoConfiguration_KeepsTheOldOne_AndSaysSo(string content, string expected)
    {
        File.WriteAllText(File1, content);
        Read(0);
        Assert.That(_log.Messages, Has.One.Contains(expected));
        Assert.That((await Client.GetResponseAsync("x")).Text, Is.EqualTo("a"));
    }

    [Test]
    public async Task AfterAFileThatCouldNotBeRead_AChangeOfAnotherTakesNothing_UntilTheFirstIsRightAgain()
    {
        File.WriteAllText(File1, "{");
        Read(0);
        File.WriteAllText(File2, """{"Ensemble":{"Default":"b"}}""");
        Read(1);
        Assert.That((await Client.GetResponseAsync("x")).Text, Is.EqualTo("a"));
        File.WriteAllText(File1, Right);
        Read(0);
        Assert.That((await Client.GetResponseAsync("x")).Text, Is.EqualTo("b"));
    }

    private IChatClient Client => _services.GetRequiredService<IChatClient>();

    // What the platform's watcher does when a file changed; its exception reaches nobody there.
    private void Read(int provider)
    {
        FileConfigurationProvider file = (FileConfigurationProvider)_configuration.Providers.ElementAt(provider);
        try
        {
            typeof(FileConfigurationProvider).GetMethod("Load", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance, [typeof(bool)])!.Invoke(file, [true]);
        }
        catch (System.Reflection.TargetInvocationException)
        {
        }
    }

    private sealed class Errors : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
            {
                Messages.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
