using System.Runtime.CompilerServices;
using Ensemble.Cli.Tests.Running;
using Ensemble.Onnx;
using Ensemble.Testing;
using Microsoft.Extensions.Configuration;

namespace Ensemble.Cli.Tests.Measure;

public class MeasureTests
{
    private readonly string _root = Path.Combine(Path.GetTempPath(), $"ensemble-measured-{Guid.NewGuid():N}");

    [TearDown]
    public void Remove()
    {
        if (Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    [Test]
    public async Task OnceMeasured_ItIsRemembered_Shown_AndUsed()
    {
        FakeMeasurer measurer = new(choice => choice.AllowSpinning ? 50 : 60);
        CommandResult first = await RunAsync(measurer, "models", "measure", "local", "--json");
        Assert.That(first.ExitCode, Is.EqualTo(ExitCode.Ok), first.ToString());
        Assert.That(first.Json.GetProperty("best").GetProperty("allowSpinning").GetBoolean(), Is.False);
        Assert.That(first.Error, Does.Contain($"1 of {measurer.Asked.Count}: cpu, 1 thread, spinning"));
        int asked = measurer.Asked.Count;

        CommandResult second = await RunAsync(measurer, "models", "measure", "local");
        Assert.That(second.Out, Does.StartWith("cpu, 1 thread, sleeping: reads 240 and writes 60 tokens a second, 200.0 MB of memory"));
        Assert.That(measurer.Asked, Has.Count.EqualTo(asked), second.Error);
        Assert.That((await RunAsync(measurer, "models", "show", "local")).Out, Does.Contain("on this device: cpu, 1 thread, sleeping: reads 240"));

        IReadOnlyDictionary<string, string?> settings = new MeasuredModels(_root).SettingsFor(Configuration([]), said => Assert.Fail(said));
        Assert.That(settings["Ensemble:Models:local:Threads"], Is.EqualTo("1"));
        Assert.That(settings["Ensemble:Models:local:AllowSpinning"], Is.EqualTo("false"));
        Assert.That(settings["Ensemble:Models:local:ExecutionProvider"], Is.EqualTo("cpu"));

        CommandResult again = await RunAsync(measurer, "models", "measure", "local", "--again");
        Assert.That((again.ExitCode, measurer.Asked.Count), Is.EqualTo((ExitCode.Ok, asked * 2)));
    }

    [Test]
    public async Task WhatTheConfigurationSays_WinsOverWhatWasMeasured()
    {
        await RunAsync(new FakeMeasurer(_ => 50), "models", "measure", "local");
        Assert.That(new MeasuredModels(_root).SettingsFor(Configuration([new("Ensemble:Models:local:Threads", "2")]), said => Assert.Fail(said)), Is.Empty);
    }

    [TestCase("fingerprint", "its files have changed")]
    [TestCase("runtime", "the runtime has changed")]
    [TestCase("processor", "the processor is another")]
    public async Task WhatHasChanged_IsNotUsed_AndIsMeasuredAgain(string what, string message)
    {
        FakeMeasurer measurer = new(_ => 50);
        await RunAsync(measurer, "models", "measure", "local");
        int asked = measurer.Asked.Count;
        MeasuredModels memory = new(_root);
        MeasuredModel known = memory.Find(LocalModelInfo.Read(Models.SmolLM2.Name).Folder)!;
        memory.Save(what switch
        {
            "fingerprint" => known with { Fingerprint = "another" },
            "runtime" => known with { Runtime = "another" },
            _ => known with { Processor = "another" },
        });

        List<string> said = [];
        Assert.That(memory.SettingsFor(Configuration([]), said.Add), Is.Empty);
        Assert.That(said, Has.One.Contains(message).And.One.Contains("ensemble models measure smollm2-135m-instruct"));
        CommandResult result = await RunAsync(measurer, "models", "measure", "local");
        Assert.That(result.Error, Does.Contain(message));
        Assert.That(measurer.Asked, Has.Count.EqualTo(asked * 2));
        Assert.That(memory.SettingsFor(Configuration([]), _ => { }), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task AModelThatIsNotLocal_CannotBeMeasured()
    {
        using ScriptedMember model = new("m");
        CommandResult result = await new CommandLine { Scripted = model, MeasuredRoot = _root }.StartAsync("models", "measure", "scripted");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("no local model"));
    }

    [Test]
    public async Task ADamagedMemory_IsNoMemory()
    {
        await RunAsync(new FakeMeasurer(_ => 50), "models", "measure", "local");
        File.WriteAllText(Directory.GetFiles(_root).Single(), "{");
        Assert.That(new MeasuredModels(_root).SettingsFor(Configuration([]), said => Assert.Fail(said)), Is.Empty);
    }

    [Test]
    public async Task RealRuns_GiveSpeedAndMemory()
    {
        string tiny = Path.GetFullPath(Path.Combine(Folder(), "../../Ensemble.Onnx.Tests/tiny/llama-int4"));
        MeasuredSpeed speed = await new LocalModelMeasurer(TimeProvider.System).MeasureAsync(tiny, new SessionChoice(1, true, "cpu"), CancellationToken.None);
        Assert.That((speed.Prefill > 0, speed.Decode > 0), Is.EqualTo((true, true)));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static IConfiguration Configuration(KeyValuePair<string, string?>[] more) => new ConfigurationBuilder()
        .AddInMemoryCollection([new("Ensemble:Models:local:Provider", "local"), new("Ensemble:Models:local:Model", Models.SmolLM2.Name), .. more])
        .Build();

    private Task<CommandResult> RunAsync(FakeMeasurer measurer, params string[] args) =>
        new CommandLine { MeasuredRoot = _root, Measurer = measurer }.StartAsync(args);
}
