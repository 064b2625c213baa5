using System.ClientModel.Primitives;

namespace Ensemble;

/// <summary>An answer that the guard has passed, in the SDK's words: whole as its bytes, streamed as the guarded stream.</summary>
internal sealed class GuardedResponse : PipelineResponse
{
    private static readonly BinaryData Nothing = new(Array.Empty<byte>());

    private readonly HttpResponseMessage _response;
    private readonly GuardedResponseHeaders _headers;
    private readonly BinaryData? _whole;
    private Stream? _stream;

    public GuardedResponse(HttpResponseMessage response, BinaryData whole)
        : this(response) => _whole = whole;

    public GuardedResponse(HttpResponseMessage response, Stream stream)
        : this(response) => _stream = stream;

    private GuardedResponse(HttpResponseMessage response)
    {
        _response = response;
        _headers = new(response);
    }

    /// <summary>Gets whether the answer belongs to somebody else, who will close it.</summary>
    public bool IsTaken { get; init; }

    public override int Status => (int)_response.StatusCode;

    public override string ReasonPhrase => _response.ReasonPhrase ?? "";

    public override Stream? ContentStream
    {
        get => _stream ??= _whole?.ToStream();
        set => _stream = value;
    }

    public override BinaryData Content => _whole ?? Nothing;

    protected override PipelineResponseHeaders HeadersCore => _headers;

    public override BinaryData BufferContent(CancellationToken cancellationToken = default) => Content;

    public override ValueTask<BinaryData> BufferContentAsync(CancellationToken cancellationToken = default) => new(Content);

    public override void Dispose()
    {
        if (!IsTaken)
        {
            _stream?.Dispose();
            _response.Dispose();
        }
    }
}
