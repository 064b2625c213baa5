using Ensemble.Models;

namespace Ensemble.Onnx.Tests.Local;

/// <summary>The shipped model, loaded once for all tests.</summary>
[SetUpFixture]
internal sealed class SharedSmolLM2
{
    internal static LocalChatClient Client { get; private set; } = null!;

    internal static LocalModelInfo Info { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task LoadAsync()
    {
        Client = new LocalChatClient(SmolLM2.Name);
        Info = await Client.LoadAsync();
    }

    [OneTimeTearDown]
    public void Unload() => Client.Dispose();
}
