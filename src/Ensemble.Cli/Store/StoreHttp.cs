using System.Net;
using System.Net.Http.Headers;

namespace Ensemble.Cli;

/// <summary>
/// Asks the servers that models come from. A token goes to the host that it was given for and to no other: redirects are followed here, without it
/// when they leave that host. No error tells more of an address than host and path, for a redirect's query may be a secret too.
/// </summary>
internal sealed class StoreHttp : IDisposable
{
    private const int MostRedirects = 8;

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(30) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Uri? _tokenHost;
    private readonly string? _token;

    /// <summary>Creates the client.</summary>
    /// <param name="tokenHost">Whom the token is for.</param>
    /// <param name="token">The token, or <see langword="null"/>.</param>
    public StoreHttp(Uri? tokenHost = null, string? token = null)
    {
        _tokenHost = tokenHost;
        _token = string.IsNullOrWhiteSpace(token) ? null : token.Trim();
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("ensemble-cli");
    }

    /// <summary>Refuses addresses on which anybody could change the bytes.</summary>
    /// <exception cref="CliException">The address is neither https nor on this machine.</exception>
    public static Uri RequireSecure(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)
        ? address
        : throw new CliException($"'{Describe(address)}' is not https: models come over https only, or from this machine.");

    /// <summary>Says an address without what may be secret in it.</summary>
    public static string Describe(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Sends a request and follows redirects.</summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="address">The address.</param>
    /// <param name="from">The first byte that is wanted; 0 for all.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <exception cref="CliException">The server says no.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, long from, CancellationToken cancellationToken)
    {
        Uri current = RequireSecure(address);
        for (int hop = 0; hop <= MostRedirects; hop++)
        {
            using HttpRequestMessage request = new(method, current);
            if (_token is not null && _tokenHost is not null && Uri.Compare(current, _tokenHost, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            }

            if (from > 0)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
            }

            HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            current = RequireSecure(new Uri(current, location));
        }

        throw new CliException($"'{Describe(address)}' redirects more than {MostRedirects} times. Check the address.", ExitCode.Failed);
    }

    /// <summary>Reads a small text.</summary>
    /// <exception cref="CliException">The server says no.</exception>
    public async Task<(string Text, HttpResponseHeaders Headers)> ReadTextAsync(Uri address, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, address, 0, cancellationToken);
        RequireSuccess(response, address);
        return (await response.Content.ReadAsStringAsync(cancellationToken), response.Headers);
    }

    /// <summary>Explains a refusal.</summary>
    /// <exception cref="CliException">The response is no success.</exception>
    public static void RequireSuccess(HttpResponseMessage response, Uri address)
    {
        if (!response.IsSuccessStatusCode)
        {
            string fix = response.StatusCode switch
            {
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "If the model asks for a login or its licence must be accepted, accept it on its page and set HF_TOKEN.",
                HttpStatusCode.NotFound => "Check owner, name, folder and revision.",
                _ => "Try again later; what was fetched is kept.",
            };
            throw new CliException($"'{Describe(address)}' answered {(int)response.StatusCode}. {fix}", ExitCode.Failed);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
