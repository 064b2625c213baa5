using System.Net.Http;
using System.Net.Sockets;

namespace Ensemble;

/// <summary>Says whether a call that ended with an error may have been billed.</summary>
internal static class LostCall
{
    // Wrappers of SDKs are a few levels deep; the limit ends a cycle.
    private const int MaximumDepth = 8;

    /// <summary>
    /// A refusal costs nothing. A call that was cut off, that broke, or of which nobody knows, may have been made in whole and billed, unless it
    /// provably never left: no connection was made, or the answer was an error status.
    /// </summary>
    public static bool MayHaveCost(FailureClass failure, Exception exception) => failure switch
    {
        FailureClass.Timeout or FailureClass.Protocol or FailureClass.Unknown or FailureClass.Empty or FailureClass.OutputLimit => true,
        FailureClass.Transport => !NeverLeft(exception),
        _ => false,
    };

    private static bool NeverLeft(Exception exception)
    {
        Exception? inner = exception;
        for (int depth = 0; inner is not null && depth < MaximumDepth; depth++)
        {
            if (inner is EnsembleException { WasRefused: true }
                or HttpRequestException { StatusCode: not null }
                or HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }
                or SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData or SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable })
            {
                return true;
            }

            inner = inner.InnerException;
        }

        return false;
    }
}
