using System.Net;
using System.Net.Http.Headers;

namespace Ensemble;

/// <summary>The content of an answer as the guard passes it on: unpacked and checked. Its length and packing are no longer what the server said, its type is.</summary>
internal sealed class ReplacedContent : HttpContent
{
    private const string ContentType = "Content-Type";

    private readonly Stream _stream;

    public ReplacedContent(HttpContent original, Stream stream)
    {
        _stream = stream;
        if (original.Headers.NonValidated.TryGetValues(ContentType, out HeaderStringValues type))
        {
            Headers.TryAddWithoutValidation(ContentType, type.ToString());
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(_stream);

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => _stream;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _stream.CopyToAsync(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
