using System.Net.Http.Headers;
using Azure.Core;

namespace Ensemble;

/// <summary>A token of Microsoft Entra, from the application's own <see cref="TokenCredential"/>; the credential caches and renews it.</summary>
internal sealed class TokenCredentialAdapter(TokenCredential credential, string scope) : ICredential
{
    private readonly TokenRequestContext _context = new([scope]);
    private volatile Secret? _last;

    public async ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        AccessToken token = await credential.GetTokenAsync(_context, cancellationToken).ConfigureAwait(false);
        _last = new Secret(token.Token);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
    }

    public string Redact(string text) => _last is { } secret ? secret.Redact(text) : text;

    public bool IsShownBy(string text) => _last is { } secret && text.Contains(secret.Reveal(), StringComparison.Ordinal);
}
