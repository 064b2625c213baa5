using Ensemble.Models;

namespace Ensemble.Onnx.Tests.Local;

/// <summary>The shipped model, loaded once for all tests.</summary>
[SetUpFixture]
internal sealed class SharedSmolLM2
{
    private static SharedModel Shared { get; set; } = null!;

    internal static LocalChatClient Client { get; private set; } = null!;

    internal static LocalModelInfo Info { get; private set; } = null!;

    internal static LoadedModel Model => Shared.Loaded!;

    /// <summary>Runs work on the model's own thread, one after another with the requests of other tests.</summary>
    internal static Task<T> OnModelThread<T>(Func<LoadedModel, T> work) => Shared.Worker.RunAsync(() => work(Model), CancellationToken.None);

    [OneTimeSetUp]
    public async Task LoadAsync()
    {
        Client = new LocalChatClient(SmolLM2.Name);
        Shared = SharedModel.Acquire(new LocalModelOptions { Model = SmolLM2.Name });
        Info = await Client.LoadAsync();
    }

    [OneTimeTearDown]
    public void Unload()
    {
        Client.Dispose();
        Shared.Release();
    }
}
