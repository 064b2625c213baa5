using System.IO.Compression;

namespace Ensemble;

/// <summary>Offers packed answers to a server and unpacks what it sends so.</summary>
internal static class Packing
{
    private const string Header = "Content-Encoding";
    private const string Offer = "gzip, br";

    public static void Accept(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation("Accept-Encoding", Offer);

    public static bool IsPacked(HttpResponseMessage response) => response.Content.Headers.NonValidated.Contains(Header);

    public static async ValueTask UnpackAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string name = response.Content.Headers.NonValidated[Header].ToString();
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
