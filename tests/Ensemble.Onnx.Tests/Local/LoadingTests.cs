using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class LoadingTests
{
    [Test]
    public void AnUnknownName_IsRefused_AndTheShippedOnesAreNamed()
    {
        ModelLoadException error = Assert.Throws<ModelLoadException>(() => _ = new LocalChatClient("smollm3"))!;
        Assert.That(error.Message, Does.Contain("smollm3").And.Contain("smollm2-135m-instruct").And.Contain("Ensemble.Models"));
    }

    [Test]
    public void AMissingFolder_IsNamed()
    {
        string path = Path.Combine(Path.GetTempPath(), "no-such-model");
        Assert.That(Assert.Throws<ModelLoadException>(() => _ = new LocalChatClient(path))!.Path, Is.EqualTo(path));
    }

    [Test]
    public void AMissingFile_IsNamed([Values("genai_config.json", "model.onnx", "tokenizer.json", "tokenizer_config.json")] string file)
    {
        using ModelCopy copy = new(TinyModel.Llama);
        File.Delete(copy.File(file));
        ModelLoadException error = Assert.Throws<ModelLoadException>(() => _ = new LocalChatClient(copy.Folder))!;
        Assert.That(error.Path, Is.EqualTo(copy.File(file)));
        Assert.That(error.Message, Does.Contain(file));
    }

    [TestCase("{ not json")]
    [TestCase("{}")]
    [TestCase("""{"model":{"decoder":{}}}""")]
    [TestCase("""{"model":{"type":"llama","context_length":"long"}}""")]
    public void AMalformedConfiguration_IsNamed(string json)
    {
        using ModelCopy copy = new(TinyModel.Llama);
        File.WriteAllText(copy.File("genai_config.json"), json);
        Assert.That(Assert.Throws<ModelLoadException>(() => _ = new LocalChatClient(copy.Folder))!.Path, Is.EqualTo(copy.File("genai_config.json")));
    }

    [TestCase("model.onnx", 0)]
    [TestCase("model.onnx", 9_000)]
    [TestCase("model.onnx.data", 0)]
    [TestCase("model.onnx.data", 100_000)]
    public async Task TruncatedWeights_AreATypedError(string file, int length)
    {
        using ModelCopy copy = new(TinyModel.Llama);
        using (FileStream stream = new(copy.File(file), FileMode.Open))
        {
            stream.SetLength(length);
        }

        using LocalChatClient client = new(copy.Folder);
        ModelLoadException error = (await Assert.ThrowsAsync<ModelLoadException>(async () => await client.GetResponseAsync("Hi")))!;
        Assert.That(error.Path, Is.EqualTo(copy.File("model.onnx")));
        Assert.That(error.Message, Does.Contain("copied whole"));
    }

    [Test]
    public void MissingWeights_AreATypedError_AndTheNextRequestTriesAgain()
    {
        using ModelCopy copy = new(TinyModel.Llama);
        string weights = copy.File("model.onnx.data");
        File.Move(weights, weights + ".away");
        using LocalChatClient client = new(copy.Folder);
        Assert.That(async () => await client.LoadAsync(), Throws.TypeOf<ModelLoadException>());
        File.Move(weights + ".away", weights);
        Assert.That(async () => await client.LoadAsync(), Throws.Nothing);
    }

    [Test]
    public async Task AMalformedTokenizer_IsNamed()
    {
        using ModelCopy copy = new(TinyModel.Llama);
        File.WriteAllText(copy.File("tokenizer.json"), "[");
        using LocalChatClient client = new(copy.Folder);
        Assert.That((await Assert.ThrowsAsync<ModelLoadException>(async () => await client.LoadAsync()))!.Path, Is.EqualTo(copy.File("tokenizer.json")));
    }

    [TestCase("tokenizer.json", """{"added_tokens":[{"id":1.5,"content":"x"}],"model":{}}""")]
    [TestCase("tokenizer_config.json", "{ cut")]
    public async Task ABrokenTokenizerFile_IsNamed(string file, string content)
    {
        using ModelCopy copy = new(TinyModel.Llama);
        File.WriteAllText(copy.File(file), content);
        using LocalChatClient client = new(copy.Folder);
        Assert.That((await Assert.ThrowsAsync<ModelLoadException>(async () => await client.LoadAsync()))!.Path, Is.EqualTo(copy.File(file)));

        // A finaliser of the runtime's that had nothing to free ended the process here.
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Test]
    public void Settings_OutOfRange_AreNamed()
    {
        Assert.That(() => new LocalChatClient(new LocalModelOptions { Model = "x", MaxOutputTokens = 0 }), Throws.TypeOf<ModelLoadException>().With.Message.Contains("MaxOutputTokens is 0"));
        Assert.That(() => new LocalChatClient(new LocalModelOptions { Model = "x", Temperature = -1 }), Throws.TypeOf<ModelLoadException>().With.Message.Contains("Temperature is -1"));
    }

    [Test]
    public void ConfiguredSettings_OutOfRange_AreFoundWithTheConfiguration_EachByItsPath()
    {
        Dictionary<string, string?> settings = new()
        {
            ["Ensemble:Models:a:Provider"] = "local",
            ["Ensemble:Models:a:Model"] = "smollm2-135m-instruct",
            ["Ensemble:Models:a:MaxOutputTokens"] = "-1",
            ["Ensemble:Models:a:Temperature"] = "warm",
            ["Ensemble:Models:b:Provider"] = "local",
            ["Ensemble:Models:b:Template"] = "chatml",
        };
        ServiceCollection services = new();
        services.AddEnsemble(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddLocalModels();
        using ServiceProvider provider = services.BuildServiceProvider();
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => _ = provider.GetRequiredService<IEnsembleClients>().Models)!;
        Assert.That(error.Failures.Select(failure => failure.Split(':')[3].Split(' ')[0]), Is.EqualTo(new[] { "Temperature", "MaxOutputTokens", "Model", "Template" }));
        Assert.That(error.Failures.First(failure => failure.Contains("MaxOutputTokens", StringComparison.Ordinal)), Is.EqualTo("Ensemble:Models:a:MaxOutputTokens is -1: give at least 1."));
    }

    [Test]
    public void ClientsOfOneFolder_ShareTheModel_AndMustAgreeOnIt()
    {
        using ModelCopy copy = new(TinyModel.Llama);
        LocalModelOptions options = new() { Model = copy.Folder };
        SharedModel first = SharedModel.Acquire(options);
        SharedModel second = SharedModel.Acquire(new LocalModelOptions { Model = copy.Folder + Path.DirectorySeparatorChar, MaxOutputTokens = 5 });
        Assert.That(second, Is.SameAs(first));
        Assert.That(() => SharedModel.Acquire(new LocalModelOptions { Model = copy.Folder, Threads = 1 }), Throws.TypeOf<ModelLoadException>().With.Message.Contains("Threads"));
        first.Release();
        second.Release();
        SharedModel third = SharedModel.Acquire(new LocalModelOptions { Model = copy.Folder, Threads = 1 });
        Assert.That(third, Is.Not.SameAs(first));
        third.Release();
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows asks for a privilege to make a link.")]
    public void WaysToOneFolder_LeadToOneModel()
    {
        using ModelCopy copy = new(TinyModel.Llama);
        string parent = Directory.CreateTempSubdirectory("ensemble-").FullName;
        try
        {
            string direct = Path.Combine(parent, "direct"), around = Path.Combine(parent, "around");
            Directory.CreateSymbolicLink(direct, copy.Folder);
            Directory.CreateSymbolicLink(around, Path.GetDirectoryName(copy.Folder)!);
            SharedModel[] models =
            [
                .. new[] { copy.Folder, direct, Path.Combine(around, Path.GetFileName(copy.Folder)) }.Select(path => SharedModel.Acquire(new LocalModelOptions { Model = path })),
            ];
            Assert.That(models, Is.All.SameAs(models[0]));
            foreach (SharedModel model in models)
            {
                model.Release();
            }
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    [Test]
    public void AModelFolder_IsDescribedWithoutLoading()
    {
        LocalModelInfo info = LocalModelInfo.Read("smollm2-135m-instruct");
        Assert.That((info.Architecture, info.ContextWindow, info.VocabularySize), Is.EqualTo(("llama", 8192, 49152)));
        Assert.That(info.Files.Select(file => file.Name), Does.Contain("model.onnx"));
        Assert.That(info.Capabilities, Is.Null);
        Assert.That(LocalModelInfo.ListShipped(), Does.Contain(info.Name));
        Assert.That(SharedSmolLM2.Info.Capabilities!.ToString(), Is.EqualTo("append yes, rewind yes, all logits no, 46080 bytes of cache a token"));
    }

    [Test]
    public async Task AnUnknownExecutionProvider_IsRefused_AndTheKnownOnesAreNamed()
    {
        using ModelCopy copy = new(TinyModel.Llama);
        using LocalChatClient client = new(new LocalModelOptions { Model = copy.Folder, ExecutionProvider = "abacus" });
        ModelLoadException error = (await Assert.ThrowsAsync<ModelLoadException>(async () => await client.LoadAsync()))!;
        Assert.That(error.Message, Does.Contain("abacus").And.Contain("cpu"));
    }

    [TestCase("[]", null)]
    [TestCase("[]", "cpu")]
    [TestCase("[{\"cuda\":{}}]", null)]
    [TestCase("[{\"dml\":{}}]", "cpu")]
    public async Task WithoutTheDeviceThatTheFolderAsksFor_TheModelRunsOnTheProcessor(string providers, string? wished)
    {
        using ModelCopy copy = new(TinyModel.Llama);
        string config = File.ReadAllText(copy.File("genai_config.json"));
        Assert.That(config, Does.Contain("\"provider_options\": []"));
        File.WriteAllText(copy.File("genai_config.json"), config.Replace("\"provider_options\": []", $"\"provider_options\": {providers}", StringComparison.Ordinal));
        using LocalChatClient client = new(new LocalModelOptions { Model = copy.Folder, ExecutionProvider = wished, Threads = 1, AllowSpinning = false });
        LocalModelInfo info = await client.LoadAsync();
        Assert.That(info.ExecutionProvider, Is.EqualTo("cpu"));
        Assert.That((await client.GetResponseAsync("Hi")).Usage!.OutputTokenCount, Is.Positive);
    }

    [Test]
    public void TheMachine_IsDescribed()
    {
        LocalRuntime runtime = LocalRuntime.Describe();
        Assert.That(runtime.GenAIVersion, Is.EqualTo("0.18.0"));
        Assert.That(runtime.OnnxRuntimeVersion, Does.StartWith("1."));
        Assert.That(runtime.Processors, Is.Positive);
        Assert.That(runtime.CpuFeatures, Is.Not.Empty);
        Assert.That(runtime.ExecutionProviders, Does.Contain("cpu"));
        Assert.That(runtime.Telemetry, Is.EqualTo(TelemetryState.Off));
    }
}
