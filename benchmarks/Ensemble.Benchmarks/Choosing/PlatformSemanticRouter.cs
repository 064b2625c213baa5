using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>The platform's semantic router over 1,000 sentences of 384 dimensions, the embedding itself excluded: the bar for ours.</summary>
[MemoryDiagnoser]
public class PlatformSemanticRouter : IDisposable
{
    private const int Dimensions = 384;

    private readonly ChatMessage[] _messages = [new(ChatRole.User, "u500")];
    private SemanticRoutingChatClient _router = null!;

    [Params(100, 1_000)]
    public int Sentences { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        Leaf[] leaves = [.. Enumerable.Range(0, 10).Select(_ => new Leaf())];
        Dictionary<IChatClient, IReadOnlyList<string>> routes = leaves.Index().ToDictionary(
            leaf => (IChatClient)leaf.Item,
            leaf => (IReadOnlyList<string>)[.. Enumerable.Range(0, Sentences / 10).Select(i => $"u{(leaf.Index * Sentences / 10) + i}")]);
        _router = new SemanticRoutingChatClient(new Vectors(), routes, leaves[0]);
        await _router.GetResponseAsync(_messages);
    }

    [Benchmark]
    public Task<ChatResponse> Route() => _router.GetResponseAsync(_messages);

    [GlobalCleanup]
    public void Dispose()
    {
        _router?.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class Vectors : IEmbeddingGenerator<string, Embedding<float>>
    {
        private readonly Dictionary<string, Embedding<float>> _known = [];

        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(Get)));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private Embedding<float> Get(string text)
        {
            if (!_known.TryGetValue(text, out Embedding<float>? embedding))
            {
                Random random = new(text.Length + text[^1]);
                float[] vector = [.. Enumerable.Range(0, Dimensions).Select(_ => (float)(random.NextDouble() - 0.5))];
                _known[text] = embedding = new Embedding<float>(vector);
            }

            return embedding;
        }
    }

    private sealed class Leaf : IChatClient
    {
        private static readonly Task<ChatResponse> Answer = Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "yes")));

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Answer;

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            AsyncEnumerable.Empty<ChatResponseUpdate>();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
