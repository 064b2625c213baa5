using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;

namespace Ensemble;

/// <summary>The SDK's request, written straight into the one that is sent.</summary>
internal sealed class GuardedRequest : PipelineRequest
{
    private readonly HttpRequestMessage _request = new();
    private readonly Body _body = new();
    private readonly GuardedRequestHeaders _headers;

    public GuardedRequest(string userAgent)
    {
        _headers = new(_request.Headers, _body.Headers);
        _request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
    }

    protected override string MethodCore
    {
        get => _request.Method.Method;
        set => _request.Method = HttpMethod.Parse(value);
    }

    protected override Uri? UriCore
    {
        get => _request.RequestUri;
        set => _request.RequestUri = value;
    }

    protected override PipelineRequestHeaders HeadersCore => _headers;

    protected override BinaryContent? ContentCore
    {
        get => _body.Content;
        set => _body.Content = value;
    }

    public HttpRequestMessage Build()
    {
        _request.Content = _body.Content is null ? null : _body;
        return _request;
    }

    public override void Dispose()
    {
        _body.Dispose();
        _request.Dispose();
    }

    private sealed class Body : HttpContent
    {
        public BinaryContent? Content { get; set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            Content!.WriteToAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return Content is { } content && content.TryComputeLength(out length);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                Content?.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
