using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Embeddings;

/// <summary>What the shipped embedding model adds to the comparison of free answers: a table of our own. The figures are in docs/voting.md.</summary>
public sealed class AnswerClusterTests
{
    private static readonly (string Left, string Right)[] Paraphrases =
    [
        ("Seoul", "The answer is Seoul."),
        ("Paris", "The capital of France is Paris."),
        ("Marie Curie", "It was Marie Curie who discovered it."),
        ("water and light", "Plants need water and light to grow."),
        ("photosynthesis", "This process is called photosynthesis."),
        ("the parcel is late", "I think the parcel is late."),
        ("the battery is empty", "The battery of the phone is empty."),
        ("42 apples", "There are 42 apples in the basket."),
    ];

    // One word of the long answer is the whole of the short one, and the two are about different things.
    private static readonly (string Left, string Right)[] Unrelated =
    [
        ("Paris", "Paris Hilton was born in New York and became famous on television."),
        ("bank", "We sat on the bank of the river and watched ducks until it rained."),
        ("spring", "The spring of the old mattress broke, so the hotel gave us another room."),
        ("Java", "Java is an island of Indonesia with many volcanoes and rice fields."),
        ("apple", "Apple reported record profits for the third quarter on Tuesday."),
        ("light", "Her suitcase was so light that she carried it up four floors."),
    ];

    private static readonly (string Left, string Right)[] Opposites =
    [
        ("It is safe", "It is not safe"),
        ("41 apples", "42 apples"),
        ("(B) blue", "(C) blue"),
        ("The train never stops here", "The train stops here"),
        ("Seoul", "Busan"),
    ];

    [Test]
    public async Task Numbers_OptionsAndNegations_AreSplit_ThoughTheModelCallsThemAlike()
    {
        foreach ((string left, string right) in Opposites)
        {
            double cosine = await CosineAsync(left, right);
            TestContext.Out.WriteLine($"{cosine:0.000} {left} | {right}");
            Assert.That(await AreSameAsync(left, right), Is.False, $"{left} | {right}: {cosine:0.000}");
        }

        Assert.That(await CosineAsync("It is safe", "It is not safe"), Is.GreaterThan(0.8), "the reason why the embedding is asked last");
    }

    [Test]
    public async Task Paraphrases_StayTogether()
    {
        foreach ((string left, string right) in Paraphrases)
        {
            TestContext.Out.WriteLine($"{await CosineAsync(left, right):0.000} {left} | {right}");
        }

        foreach ((string left, string right) in Paraphrases)
        {
            Assert.That(await AreSameAsync(left, right), Is.True, $"{left} | {right}");
        }
    }

    [Test]
    public async Task Unrelated_WithTheSameWord_AreSplit()
    {
        foreach ((string left, string right) in Unrelated)
        {
            TestContext.Out.WriteLine($"{await CosineAsync(left, right):0.000} {left} | {right}");
        }

        foreach ((string left, string right) in Unrelated)
        {
            Assert.That(await AreSameAsync(left, right), Is.False, $"{left} | {right}");
        }
    }

    private static async Task<bool> AreSameAsync(string left, string right)
    {
        PanelChatClient panel = new("jury", [Says("a", left), Says("b", right)], new PanelOptions { Clusters = new AnswerClusterOptions(SharedE5.Generator) });
        return (await panel.GetResponseAsync("?")).GetVote()!.Counts.Count == 1;
    }

    private static Member Says(string name, string text) => new(name, new Saying(text));

    private static async Task<double> CosineAsync(string left, string right)
    {
        GeneratedEmbeddings<Embedding<float>> first = await SharedE5.Generator.GenerateAsync([left]), second = await SharedE5.Generator.GenerateAsync([right]);
        return TensorPrimitives.CosineSimilarity(first[0].Vector.Span, second[0].Vector.Span);
    }

    private sealed class Saying(string text) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { FinishReason = ChatFinishReason.Stop });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("A panel asks for whole answers.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
