using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection.Semantic;

/// <summary>An embedding model that knows only which words two texts share.</summary>
internal sealed class HashedEmbeddings : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int Dimensions = 64;

    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Gets or sets what happens at the start of each call.</summary>
    public Func<int, CancellationToken, Task> OnCall { get; set; } = (_, _) => Task.CompletedTask;

    public static float[] Embed(string text)
    {
        float[] vector = new float[Dimensions];
        vector[0] = 0.5f;
        foreach (string word in text.Split(' '))
        {
            vector[1 + word.Sum(c => c * 31 + 7) % (Dimensions - 1)] += 1;
        }

        return vector;
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        await OnCall(Interlocked.Increment(ref _calls), cancellationToken);
        return new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(Embed(v))));
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
