using Ensemble.Onnx.Tests.Local;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Onnx.Tests.Families;

/// <summary>LoRA adapters are members of one loaded base.</summary>
internal sealed class AdapterTests
{
    private const string Adapter = "adapter.onnx_adapter";

    private static readonly TinyModel.Fixture Fixture = TinyModel.ReadFixture(TinyModel.Lora);

    [Test]
    public void WithTheAdapter_TheLogitsAreThoseOfTheFixture_AndWithoutItThoseOfTheBase([Values] bool adapted)
    {
        using LoadedModel model = TinyModel.Load(TinyModel.Lora);
        TinyModel.TopLogits expected = adapted ? Fixture.Adapter!.Set.TopLogits : Fixture.TopLogits;
        string? adapter = adapted ? model.Folder.FindAdapter(Adapter) : null;
        using KeptGenerator kept = model.Pool.Take(null, Fixture.PromptIds, Fixture.PromptIds.Length, adapter);
        kept.Bring(Fixture.PromptIds, CancellationToken.None);
        using Logits logits = Logits.Read(kept.Generator);
        float[] row = logits.LastRow.ToArray();
        Assert.That(expected.Ids.Select(id => row[id]), Is.EqualTo(expected.Values).Within(2e-3));
    }

    [Test]
    public async Task TwoMembers_ShareTheBase_AndNoPrefix([Values] bool streaming)
    {
        using LocalChatClient plain = TinyModel.Client(TinyModel.Lora, LocalTemplate.None, maxOutputTokens: 4);
        using LocalChatClient adapted = TinyModel.Client(TinyModel.Lora, LocalTemplate.None, maxOutputTokens: 4, adapter: Adapter);
        foreach (LocalChatClient client in (LocalChatClient[])[plain, adapted])
        {
            ChatOptions options = new ChatOptions().WithLogProbabilities(0).WithEnsemble(request => request with { Tenant = $"adapters {streaming}" });
            ChatResponse response = streaming
                ? await client.GetStreamingResponseAsync(Fixture.Prompt, options).ToChatResponseAsync()
                : await client.GetResponseAsync(Fixture.Prompt, options);
            int[] expected = client == plain ? Fixture.GreedyIds : Fixture.Adapter!.Set.GreedyIds;
            Assert.That(response.GetLogProbabilities()![0].Id, Is.EqualTo(expected[0]));
            Assert.That(response.Usage!.CachedInputTokenCount, Is.Zero, "the other's prompt is no prefix of this one");
            Assert.That(response.ModelId, Is.EqualTo(client == plain ? "llama-lora" : "llama-lora+adapter"));
        }

        Assert.That(adapted.GetService(typeof(Microsoft.ML.OnnxRuntimeGenAI.Model)), Is.SameAs(plain.GetService(typeof(Microsoft.ML.OnnxRuntimeGenAI.Model))));
    }

    [Test]
    public async Task Scores_AndSchemas_GoThroughTheAdapterToo()
    {
        using LocalChatClient plain = TinyModel.Client(TinyModel.Lora);
        using LocalChatClient adapted = TinyModel.Client(TinyModel.Lora, adapter: Adapter);
        ScoringRequest request = ScoringRequest.ForText("The old lamp", "", [" by the river"]);
        double without = (await plain.GetService<IContinuationScorer>()!.ScoreAsync(request)).Best.LogLikelihood;
        double with = (await adapted.GetService<IContinuationScorer>()!.ScoreAsync(request)).Best.LogLikelihood;
        Assert.That(with, Is.Not.EqualTo(without).Within(1e-3));
        ChatResponse json = await adapted.GetResponseAsync("Count.", new ChatOptions { ResponseFormat = ChatResponseFormat.Json, MaxOutputTokens = 8 });
        Assert.That(json.Text, Does.StartWith("{"));
    }

    [Test]
    public void AMissingAdapter_IsNamed() =>
        Assert.That(() => TinyModel.Client(TinyModel.Lora, adapter: "nobody.onnx_adapter"), Throws.TypeOf<ModelLoadException>().With.Message.Contains("nobody.onnx_adapter"));

    [Test]
    public void WhatIsNoAdapter_IsATypedError()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Lora, adapter: "tokenizer.json");
        Assert.That(async () => await client.GetResponseAsync("Hi"), Throws.TypeOf<ModelLoadException>().With.Message.Contains("tokenizer.json"));
    }

    [Test]
    public void AnAdapterOfAnotherModel_IsATypedError()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.LlamaExact, adapter: Path.Combine(TinyModel.Folder(TinyModel.Lora), Adapter));
        Assert.That(async () => await client.GetResponseAsync("Hi"), Throws.InstanceOf<EnsembleException>());
    }

    [Test]
    public async Task InConfiguration_AnAdapterIsAMember()
    {
        string folder = TinyModel.Folder(TinyModel.Lora);
        Dictionary<string, string?> settings = new()
        {
            ["Ensemble:Models:plain:Provider"] = "local",
            ["Ensemble:Models:plain:Model"] = folder,
            ["Ensemble:Models:tuned:Provider"] = "local",
            ["Ensemble:Models:tuned:Model"] = folder,
            ["Ensemble:Models:tuned:Adapter"] = Adapter,
            ["Ensemble:Models:tuned:MaxOutputTokens"] = "4",
        };
        ServiceCollection services = new();
        services.AddEnsemble(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddLocalModels()
            .AddModel("code", model => model.Local(new LocalModelOptions { Model = folder, Adapter = Adapter, MaxOutputTokens = 4 }));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IEnsembleClients clients = provider.GetRequiredService<IEnsembleClients>();
        foreach (string name in (string[])["tuned", "code"])
        {
            Assert.That((await clients.Get(name).GetResponseAsync("Hi")).ModelId, Is.EqualTo("llama-lora+adapter"));
        }

        Assert.That(LocalModelInfo.Read(folder).Adapters, Is.EqualTo(new[] { Adapter }));
    }
}
