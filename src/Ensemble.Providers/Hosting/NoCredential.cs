namespace Ensemble;

/// <summary>A server that asks for no key.</summary>
internal sealed class NoCredential : ICredential
{
    public static readonly NoCredential Instance = new();

    public ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = null;
        return ValueTask.CompletedTask;
    }

    public string Redact(string text) => text;

    public bool IsShownBy(string text) => false;
}
