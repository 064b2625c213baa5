using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>How long does it take to find the route of a vector among 1,000 x 384 numbers? The embedding model's own time is not in it.</summary>
[MemoryDiagnoser]
public class SemanticPick : IDisposable
{
    private const int Dimensions = 384;
    private const int Rows = 1000;
    private const int Routes = 10;

    private readonly float[] _query = new float[Dimensions];
    private SemanticIndex _rows = null!;
    private MeanScorer _exact = null!;
    private SemanticIndex _mean = null!;
    private SemanticIndex _combined = null!;
    private SemanticRouter _router = null!;
    private SemanticRoutingChatClient _platform = null!;

    [GlobalSetup]
    public async Task Setup()
    {
        Random random = new(1);
        float[] common = Direction(random);
        float[][] topics = [.. Enumerable.Range(0, Routes).Select(_ => Direction(random))];
        // As sentence vectors are: cosines of 0.75 to 0.95 among all of them.
        float[][] vectors = [.. Enumerable.Range(0, Rows).Select(i => Mix(common, topics[i / (Rows / Routes)], Direction(random)))];
        Mix(common, topics[3], Direction(random)).CopyTo(_query, 0);
        ReadOnlyMemory<float>[] examples = [.. vectors.Select(v => (ReadOnlyMemory<float>)v)];
        int[] each = [.. Enumerable.Range(0, Rows)];
        int[] grouped = [.. each.Select(i => i / (Rows / Routes))];
        string[] names = [.. each.Select(i => $"r{i}")];

        _rows = SemanticIndex.Create(names, examples, each, new SemanticOptions { Scoring = SemanticScoring.Mean, Threshold = 0 });
        _exact = new MeanScorer(Centroids.Of(VectorMath.Normalize(examples), each, Rows), allowQuantized: false);
        _mean = SemanticIndex.Create(names[..Routes], examples, grouped, new SemanticOptions { Scoring = SemanticScoring.Mean, Threshold = 0 });
        _combined = SemanticIndex.Create(names[..Routes], examples, grouped, new SemanticOptions { Threshold = 0 });

        Dictionary<string, float[]> known = each.ToDictionary(i => $"example {i}", i => vectors[i]);
        known["query"] = _query;
        Known generator = new(known);
        Stub[] clients = [.. Enumerable.Range(0, Routes).Select(_ => new Stub())];
        SemanticRouterOptions options = new() { Otherwise = "r0" };
        for (int r = 0; r < Routes; r++)
        {
            options.Routes.Add(new SemanticRoute($"r{r}", Examples(r)));
        }

        _router = new SemanticRouter("main", generator, clients.Select((client, r) => new Member($"r{r}", client)), options);
        await _router.PrepareAsync();
        _platform = new SemanticRoutingChatClient(
            generator, clients.Select((client, r) => (client, r)).ToDictionary(p => (IChatClient)p.client, p => (IReadOnlyList<string>)[.. Examples(p.r)]), clients[0]);
        await _platform.GetResponseAsync("query");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _platform.Dispose();
        _router.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public Task<ChatResponse> PlatformRouterWholeCall() => _platform.GetResponseAsync("query");

    [Benchmark]
    public Task<ChatResponse> OurRouterWholeCall() => _router.GetResponseAsync("query");

    [Benchmark]
    public SemanticMatch Match1000Routes() => _rows.Match(_query);

    [Benchmark]
    public int Match1000RoutesWithoutEightBits() => _exact.Best(_query, out _);

    [Benchmark]
    public SemanticMatch Match10RoutesOf100() => _mean.Match(_query);

    [Benchmark]
    public SemanticMatch Match10RoutesOf100Combined() => _combined.Match(_query);

    private static IEnumerable<string> Examples(int route) => Enumerable.Range(route * (Rows / Routes), Rows / Routes).Select(i => $"example {i}");

    private static float[] Direction(Random random)
    {
        float[] vector = [.. Enumerable.Range(0, Dimensions).Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5))];
        float norm = MathF.Sqrt(vector.Sum(v => v * v));
        return [.. vector.Select(v => v / norm)];
    }

    private static float[] Mix(float[] common, float[] topic, float[] own)
    {
        float[] vector = [.. common.Select((c, d) => 2 * c + 0.6f * topic[d] + 0.7f * own[d])];
        float norm = MathF.Sqrt(vector.Sum(v => v * v));
        return [.. vector.Select(v => v / norm)];
    }

    private sealed class Known(Dictionary<string, float[]> vectors) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(vectors[v]))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class Stub : IChatClient
    {
        private static readonly Task<ChatResponse> Answer = Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "ok")) { FinishReason = ChatFinishReason.Stop });

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Answer;

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException("Only whole answers are measured.");

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
