using System.Collections.Concurrent;
using System.Net;

namespace Ensemble;

/// <summary>
/// One connection pool an endpoint, shared by all its models: HTTP/2 where the server has it, addresses looked up afresh every few
/// minutes, the system's proxy honoured. The container disposes it after the leaves.
/// </summary>
internal sealed class EndpointPool : IDisposable
{
    // Long enough to keep connections warm, short enough to follow a provider that moves its traffic.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Lazy<SocketsHttpHandler>> _handlers = new(StringComparer.OrdinalIgnoreCase);

    public HttpMessageHandler Get(Uri endpoint) =>
        _handlers.GetOrAdd(endpoint.GetLeftPart(UriPartial.Authority), static _ => new(Create)).Value;

    public void Dispose()
    {
        foreach (Lazy<SocketsHttpHandler> handler in _handlers.Values)
        {
            if (handler.IsValueCreated)
            {
                handler.Value.Dispose();
            }
        }
    }

    private static SocketsHttpHandler Create() => new()
    {
        PooledConnectionLifetime = ConnectionLifetime,
        ConnectTimeout = ConnectTimeout,
        EnableMultipleHttp2Connections = true,

        // The guard unpacks: a handler for it would cost every answer, and hardly one is packed.
        AutomaticDecompression = DecompressionMethods.None,
        AllowAutoRedirect = false,
        UseCookies = false,

        // A caller who leaves must be seen by the provider at once: nothing is read just to keep the connection.
        ResponseDrainTimeout = TimeSpan.Zero,
        MaxResponseDrainSize = 0,
    };
}
