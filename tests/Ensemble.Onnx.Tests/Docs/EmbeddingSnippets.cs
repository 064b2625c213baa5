using System.Numerics.Tensors;
using Ensemble.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Onnx.Tests.Docs;

/// <summary>The code of docs/embeddings.md.</summary>
public sealed class EmbeddingSnippets
{
    [Test]
    public async Task Embed()
    {
        ServiceCollection services = new();
        #region snippet embeddings-embed
        services.AddEnsemble().AddLocalEmbeddings("e5", E5Small.Name);
        await using ServiceProvider provider = services.BuildServiceProvider();
        var e5 = provider.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("e5");

        var vectors = await e5.GenerateAsync(["How much protein should I eat per day?", "하루에 단백질을 얼마나 먹어야 하나요?"]);
        float cosine = TensorPrimitives.Dot(vectors[0].Vector.Span, vectors[1].Vector.Span);
        #endregion
        Assert.That(cosine, Is.InRange(0.8f, 0.95f));
    }

    [Test]
    public async Task Route()
    {
        ServiceCollection services = new();
        IEnsembleBuilder builder = services.AddEnsemble().AddLocalModels()
            .AddModel("billing", m => (m.Provider, m.Model) = ("local", SmolLM2.Name))
            .AddModel("technical", m => (m.Provider, m.Model) = ("local", SmolLM2.Name))
            .AddModel("general", m => (m.Provider, m.Model) = ("local", SmolLM2.Name));
        #region snippet embeddings-route
        builder.AddLocalEmbeddings("e5", E5Small.Name).AddSemanticRouter("main", "e5", o =>
        {
            o.Routes.Add(new SemanticRoute("billing", ["I was charged twice.", "Please send the invoice again.", "Why is there an extra fee?"]));
            o.Routes.Add(new SemanticRoute("technical", ["The app crashes when I open it.", "The screen stays black.", "It will not connect."]));
            o.Otherwise = "general";
        });
        #endregion
        await using ServiceProvider provider = services.BuildServiceProvider();

        ChatResponse response = await provider.GetRequiredKeyedService<IChatClient>("main").GetResponseAsync("The app crashes after the update.", new ChatOptions { MaxOutputTokens = 4 });

        Assert.That(response.GetReceipt()!.AnsweredBy, Is.EqualTo("technical"));
    }
}
