using System.Diagnostics;
using System.Net.Http.Headers;

namespace Ensemble;

/// <summary>A key in a header; without a header of its own it is a bearer token.</summary>
internal sealed class KeyCredential(Secret key, string? header) : ICredential
{
    private const string Authorization = "Authorization";

    // Written once: a parsed value is put together again for every request.
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string? _bearer = header is null ? new AuthenticationHeaderValue("Bearer", key.Reveal()).ToString() : null;

    public ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(Authorization);
        if (_bearer is not null)
        {
            request.Headers.TryAddWithoutValidation(Authorization, _bearer);
        }

        if (header is not null)
        {
            request.Headers.Remove(header);
            request.Headers.TryAddWithoutValidation(header, key.Reveal());
        }

        return ValueTask.CompletedTask;
    }

    public string Redact(string text) => key.Redact(text);

    public bool IsShownBy(string text) => text.Contains(key.Reveal(), StringComparison.Ordinal);

    public override string ToString() => key.ToString();
}
