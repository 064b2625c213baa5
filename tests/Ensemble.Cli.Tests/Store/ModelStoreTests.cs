using System.Net;
using Ensemble.Cli.Tests.Running;

namespace Ensemble.Cli.Tests.Store;

/// <summary>The store against a real server on this machine: what is interrupted goes on, what is wrong is refused, and nothing half lies where models lie.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ModelStoreTests : IAsyncDisposable
{
    private const string Source = "hf:owner/tiny/cpu";

    private readonly string _root = Directory.CreateTempSubdirectory("ensemble-store-").FullName;
    private readonly ModelServer _server = ModelServer.StartAsync().GetAwaiter().GetResult();

    private string Added => Path.Combine(_root, "tiny-cpu");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Test]
    public async Task AFolderOfTheHub_IsAdded_WithItsSizeAndLicenceSaidFirst()
    {
        CommandResult result = await RunAsync("models", "add", Source, "--yes");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(result.Error, Does.StartWith("tiny-cpu: 3 files, 300.0 kB").And.Contain("apache-2.0").And.Contain($"{Source}@{ModelServer.Commit}"));
        foreach ((string name, byte[] bytes) in _server.Files)
        {
            Assert.That(File.ReadAllBytes(Path.Combine(Added, name)), Is.EqualTo(bytes), name);
        }

        Assert.That((await RunAsync("models", "verify")).Out, Does.StartWith("ok     tiny-cpu"));
        Assert.That((await RunAsync("models", "list", "--json")).Json[0].GetProperty("license").GetString(), Is.EqualTo("apache-2.0"));
        Assert.That(Directory.EnumerateDirectories(Path.Combine(_root, ".partial")), Is.Empty);
    }

    [Test]
    public async Task AWebFolderWithSums_IsAdded_AndSoIsAFolderOfThisMachine()
    {
        CommandResult web = await RunAsync("models", "add", _server.Address + "/web/", "--yes", "--name", "web");
        Assert.That(web.ExitCode, Is.EqualTo(ExitCode.Ok), web.ToString());
        CommandResult copy = await RunAsync("models", "add", Path.Combine(_root, "web"), "--yes", "--name", "copy", "--json");
        Assert.That(copy.ExitCode, Is.EqualTo(ExitCode.Ok), copy.ToString());
        Assert.That(copy.Json.GetProperty("files").GetArrayLength(), Is.EqualTo(3));
        Assert.That((await RunAsync("models", "list")).Out, Does.Contain("copy").And.Contain("web").And.Contain("not stated"));
    }

    [Test]
    public async Task WithoutYes_ItAsks_AndNoIsNo()
    {
        CommandResult no = await new CommandLine { Interactive = "n\n", StoreRoot = _root, Variables = Variables() }.StartAsync("models", "add", Source);
        Assert.That((no.ExitCode, Directory.Exists(Added)), Is.EqualTo((ExitCode.Negative, false)), no.ToString());
        CommandResult yes = await new CommandLine { Interactive = "y\n", StoreRoot = _root, Variables = Variables() }.StartAsync("models", "add", Source);
        Assert.That((yes.ExitCode, Directory.Exists(Added)), Is.EqualTo((ExitCode.Ok, true)), yes.ToString());
        CommandResult pipe = await new CommandLine { Input = "y\n", StoreRoot = _root, Variables = Variables() }.StartAsync("models", "add", Source, "--name", "other");
        Assert.That(pipe.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(pipe.Error, Does.Contain("--yes"));
    }

    [Test]
    public async Task ACutConnection_GoesOnWhereItEnded()
    {
        _server.Cut = (100_000, 2);
        CommandResult result = await RunAsync("models", "add", Source, "--yes");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(_server.Requests.Select(request => request.Range).OfType<string>(), Is.Not.Empty);
        Assert.That(_server.BytesSent, Is.LessThan(350_000), "no byte came twice");
        Assert.That(File.ReadAllBytes(Path.Combine(Added, "model.onnx")), Is.EqualTo(_server.Files["model.onnx"]));
    }

    [Test]
    public async Task AfterTooManyCuts_ItFails_AndTheNextCommandGoesOn()
    {
        _server.Cut = (10_000, 5);
        CommandResult failed = await RunAsync("models", "add", Source, "--yes");
        Assert.That((failed.ExitCode, Directory.Exists(Added)), Is.EqualTo((ExitCode.Failed, false)), failed.ToString());
        Assert.That(failed.Error, Does.Contain("goes on where it ended"));
        Assert.That((await RunAsync("models", "list")).Error, Does.Contain("is empty"));
        int before = _server.BytesSent;
        Assert.That((await RunAsync("models", "add", Source, "--yes")).ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(_server.BytesSent - before, Is.LessThan(300_000));
    }

    [Test]
    public async Task AServerWithoutRanges_IsAskedForAllOfIt()
    {
        (_server.Cut, _server.IgnoresRange) = ((100_000, 1), true);
        CommandResult result = await RunAsync("models", "add", Source, "--yes");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
    }

    [Test]
    public async Task CtrlC_LeavesNothingHalf_AndTheNextCommandGoesOn()
    {
        using CancellationTokenSource stop = new();
        _server.Midway = stop.Cancel;
        CommandResult stopped = await new CommandLine { StoreRoot = _root, Variables = Variables(), CancellationToken = stop.Token }.StartAsync("models", "add", Source, "--yes");
        Assert.That((stopped.ExitCode, Directory.Exists(Added)), Is.EqualTo((ExitCode.Cancelled, false)), stopped.ToString());
        _server.Midway = null;
        CommandResult result = await RunAsync("models", "add", Source, "--yes");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(File.ReadAllBytes(Path.Combine(Added, "model.onnx")), Is.EqualTo(_server.Files["model.onnx"]));
    }

    [TestCase(300_000)]
    [TestCase(299_999)]
    [TestCase(300_001)]
    public async Task OtherBytesThanStated_AreRefused_AndNothingIsAdded(int length)
    {
        _server.WrongBytes = new byte[length];
        CommandResult result = await RunAsync("models", "add", Source, "--yes");
        Assert.That((result.ExitCode, Directory.Exists(Added)), Is.EqualTo((ExitCode.Failed, false)), result.ToString());
        Assert.That(result.Error, Does.Contain("model.onnx"));
    }

    [Test]
    public async Task AnotherSmallFileThanGitSays_IsRefused()
    {
        _server.Files["genai_config.json"] = "{}"u8.ToArray();
        await using ModelServer liar = await ModelServer.StartAsync();
        liar.Files["model.onnx"] = _server.Files["model.onnx"];
        liar.Files["genai_config.json"] = "[]"u8.ToArray();
        ModelPlan plan = new()
        {
            Name = "liar",
            Source = "test",
            Files = [new PlannedFile("genai_config.json", 2, null, "9e26dfeeb6e641a33dae4961196235bdb965b21b", liar.Address + "/web/genai_config.json")],
        };
        using StoreHttp http = new();
        ModelStore store = new(_root, TimeProvider.System);
        Assert.That(async () => await store.AddAsync(plan, http, TimeSpan.Zero, _ => { }, () => { }, CancellationToken.None), Throws.TypeOf<CliException>().With.Message.Contains("genai_config.json"));
        plan = plan with { Files = [plan.Files[0] with { Location = _server.Address + "/web/genai_config.json" }] };
        Assert.That((await store.AddAsync(plan, http, TimeSpan.Zero, _ => { }, () => { }, CancellationToken.None)).Files, Has.Count.EqualTo(1));
    }

    [TestCase("../outside.txt")]
    [TestCase("cpu/../../outside.txt")]
    [TestCase("/etc/outside.txt")]
    [TestCase("cpu/a\\\\..\\\\b")]
    [TestCase("cpu/c:evil")]
    public async Task ANameThatLeavesTheFolder_IsRefused_BeforeAnythingIsWritten(string name)
    {
        _server.ExtraName = name;
        foreach (string source in new[] { Source, _server.Address + "/web/" })
        {
            CommandResult result = await RunAsync("models", "add", source, "--yes");
            Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed), result.ToString());
            Assert.That(result.Error, Does.Contain("would not stay in the model's folder"));
            Assert.That(Directory.EnumerateFileSystemEntries(_root), Is.Empty);
        }
    }

    [Test]
    public async Task TheToken_GoesToTheHub_AndNeverToAnotherHost_NorIntoAnyOutput()
    {
        await using ModelServer content = await ModelServer.StartAsync();
        content.Files["model.onnx"] = _server.Files["model.onnx"];
        _server.RedirectTo = content.Address;
        CommandResult result = await RunAsync("models", "add", Source, "--yes");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Ok), result.ToString());
        Assert.That(_server.Requests.Select(request => request.Authorization), Is.All.EqualTo("Bearer hf_very_secret"));
        Assert.That(content.Requests.Single().Authorization, Is.Null);
        content.Refusal = HttpStatusCode.Forbidden;
        CommandResult refused = await RunAsync("models", "add", Source, "--yes", "--name", "again");
        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.Failed), refused.ToString());
        string said = result.Out + result.Error + refused.Out + refused.Error + File.ReadAllText(Path.Combine(Added, StoredModel.FileName));
        Assert.That(said, Does.Not.Contain("very_secret").And.Not.Contain("very-secret"));
    }

    [Test]
    public async Task ARedirectToPlainHttpElsewhere_IsNotFollowed()
    {
        _server.RedirectTo = "http://models.example.invalid";
        CommandResult result = await RunAsync("models", "add", Source, "--yes");
        Assert.That(result.Error, Does.Contain("is not https").And.Not.Contain("signature"));
        Assert.That(result.ExitCode, Is.Not.EqualTo(ExitCode.Ok));
    }

    [TestCase(HttpStatusCode.Unauthorized, "HF_TOKEN")]
    [TestCase(HttpStatusCode.NotFound, "Check owner")]
    public async Task ARefusal_NamesTheFix(HttpStatusCode status, string fix)
    {
        _server.Refusal = status;
        CommandResult result = await RunAsync("models", "add", Source, "--yes");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Error, Does.Contain(fix).And.Contain($"{(int)status}"));
    }

    [Test]
    public async Task ARepositoryOfSeveralFolders_NamesThem()
    {
        CommandResult result = await RunAsync("models", "add", "hf:owner/tiny", "--yes");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("There are: cpu."));
    }

    [TestCase("hf:owner")]
    [TestCase("hf:owner/name@")]
    [TestCase("hf:owner/../x")]
    [TestCase("http://models.example.invalid/x/")]
    [TestCase("./nowhere-at-all")]
    public async Task WhatIsNoSource_IsAMistakeOfTheCommandLine(string source)
    {
        CommandResult result = await RunAsync("models", "add", source, "--yes");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage), result.ToString());
    }

    [Test]
    public async Task TwoAtOnce_AddItOnce()
    {
        CommandResult[] results = await Task.WhenAll(RunAsync("models", "add", Source, "--yes"), RunAsync("models", "add", Source, "--yes"));
        Assert.That(results.Select(result => result.ExitCode), Is.All.EqualTo(ExitCode.Ok), string.Join('\n', results.Select(result => result.ToString())));
        Assert.That(_server.BytesSent, Is.LessThan(310_000));
        Assert.That((await RunAsync("models", "verify")).ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public async Task ATakenName_IsSaid()
    {
        await RunAsync("models", "add", Source, "--yes", "--name", "mine");
        CommandResult result = await RunAsync("models", "add", _server.Address + "/web/", "--yes", "--name", "mine");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("--name"));
    }

    [Test]
    public async Task AStoreThatCannotBeWritten_IsAMistakeWithTheFix()
    {
        string file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        CommandResult result = await new CommandLine { StoreRoot = file, Variables = Variables() }.StartAsync("models", "add", Source, "--yes");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage), result.ToString());
        Assert.That(result.Error, Does.Contain("cannot be written").And.Contain("ENSEMBLE_MODELS"));
    }

    [Test]
    public async Task TooLargeForTheDisk_IsSaidBeforeTheFirstByte()
    {
        ModelPlan plan = new() { Name = "huge", Source = "test", Files = [new PlannedFile("model.onnx", long.MaxValue / 2, null, null, _server.Address + "/web/model.onnx")] };
        using StoreHttp http = new();
        Assert.That(async () => await new ModelStore(_root, TimeProvider.System).AddAsync(plan, http, TimeSpan.Zero, _ => { }, () => { }, CancellationToken.None), Throws.TypeOf<CliException>().With.Message.Contains("free"));
        Assert.That(_server.Requests, Is.Empty);
        await Task.CompletedTask;
    }

    [Test]
    [Platform(Include = "Linux", Reason = "The device that is always full is Linux's.")]
    public async Task AFullDisk_IsAMistakeWithTheFix()
    {
        string staging = Path.Combine(_root, ".partial");
        Directory.CreateDirectory(staging);
        ModelPlan plan = new() { Name = "full", Source = "test", Files = [new PlannedFile("model.onnx", null, null, null, _server.Address + "/web/model.onnx")] };
        using StoreHttp http = new();
        Assert.That(async () => await new FileFetch(http, TimeProvider.System, TimeSpan.Zero, _ => { }).RunAsync(plan.Files[0], "/dev/full", CancellationToken.None), Throws.InstanceOf<IOException>());
        await Task.CompletedTask;
    }

    [Test]
    public async Task ADamagedFile_IsFound_AndRemoveTakesItAway()
    {
        await RunAsync("models", "add", Source, "--yes");
        File.AppendAllText(Path.Combine(Added, "genai_config.json"), " ");
        File.Delete(Path.Combine(Added, "sub/extra.txt"));
        CommandResult result = await RunAsync("models", "verify", "tiny-cpu");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Negative), result.ToString());
        Assert.That(result.Out, Does.Contain("genai_config.json has sha256").And.Contain("extra.txt is missing"));
        Assert.That((await RunAsync("models", "remove", "tiny-cpu")).ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(Directory.Exists(Added), Is.False);
        Assert.That((await RunAsync("models", "remove", "tiny-cpu")).ExitCode, Is.EqualTo(ExitCode.Usage));
    }

    private Dictionary<string, string> Variables() => new() { ["HF_TOKEN"] = "hf_very_secret", ["HF_ENDPOINT"] = _server.Address };

    private Task<CommandResult> RunAsync(params string[] args) => new CommandLine { StoreRoot = _root, Variables = Variables() }.StartAsync(args);
}
