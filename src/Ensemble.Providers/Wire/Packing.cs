using System.IO.Compression;
using System.Net.Http.Headers;

namespace Ensemble;

/// <summary>Offers packed answers to a server and unpacks what it sends so.</summary>
internal static class Packing
{
    private const string Offer = "gzip, br";

    public static void Accept(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation("Accept-Encoding", Offer);

    public static async ValueTask UnpackAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out HeaderStringValues packing))
        {
            return;
        }

        string name = packing.ToString();
        bool gzip = name.Equals("gzip", StringComparison.OrdinalIgnoreCase) || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase);
        if (!gzip && !name.Equals("br", StringComparison.OrdinalIgnoreCase))
        {
            // What was not offered stays as it is: "identity" needs nothing, and what cannot be read fails as malformed.
            return;
        }

        Stream packed = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        response.Content = new ReplacedContent(
            response.Content, gzip ? new GZipStream(packed, CompressionMode.Decompress) : new BrotliStream(packed, CompressionMode.Decompress));
    }
}
