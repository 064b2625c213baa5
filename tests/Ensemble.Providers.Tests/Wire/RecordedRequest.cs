using System.Text.Json;

namespace Ensemble.Providers.Tests;

/// <summary>One request as the server received it.</summary>
internal sealed class RecordedRequest(string path, IReadOnlyDictionary<string, string> headers, byte[] body)
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Path => path;

    public IReadOnlyDictionary<string, string> Headers => headers;

    public JsonElement Json { get; } = JsonDocument.Parse(body).RootElement;

    /// <summary>Completes when the client has left before the answer was over.</summary>
    public Task ClientLeft => _left.Task;

    public void MarkLeft() => _left.TrySetResult();
}
