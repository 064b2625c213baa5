using System.Net;
using System.Runtime.CompilerServices;

namespace Ensemble;

/// <summary>
/// Stands between an SDK and the network. It reads along and throws typed failures for what the SDKs swallow or blur: an error event
/// inside a 200 stream, a 200 with an error body, no choices, malformed events, an end without a finish reason. It guards, it speaks
/// no protocol: not one byte of an answer is changed.
/// </summary>
internal sealed class WireGuard(HostedModel model, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int MaxErrorBytes = 256 * 1024;
    private const int MaxWholeBytes = 64 * 1024 * 1024;

    /// <summary>Sends the request of an attempt.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<HttpResponseMessage> SendAsync(HttpRequestMessage request, AttemptRecord record, CancellationToken cancellationToken)
    {
        Prepare(request);
        try
        {
            await model.Credential.ApplyAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw record.Fail(FailureClass.Unauthorized, "could not get a token for the request", error);
        }

        record.Sent = true;
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException error)
        {
            throw record.Fail(FailureClass.Transport, "could not be reached", error);
        }
        catch (IOException error)
        {
            throw record.Fail(FailureClass.Transport, "closed the connection before it answered", error);
        }

        try
        {
            await Packing.UnpackAsync(response, cancellationToken).ConfigureAwait(false);
            record.StatusCode = (int)response.StatusCode;
            record.RequestId = RateLimits.RequestId(response.Headers) is { } id ? model.Credential.Redact(id) : null;
            record.RateLimits = RateLimits.Read(response.Headers);
            if (!response.IsSuccessStatusCode)
            {
                byte[] body = await ReadAsync(record, response.Content, MaxErrorBytes, cancellationToken).ConfigureAwait(false);
                throw ErrorBody.Fail(record, body, response.Headers);
            }

            await GuardAsync(record, response, cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        AttemptRecord.Current is { } record && record.Model == model
            ? SendAsync(request, record, cancellationToken).AsTask()
            : SendUnguardedAsync(request, cancellationToken);

    private static void Prepare(HttpRequestMessage request)
    {
        if (request.RequestUri?.Scheme == Uri.UriSchemeHttps)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

        Packing.Accept(request);
    }

    /// <summary>Somebody uses the SDK for something else, listing models for instance: the key is needed, the guard is not.</summary>
    private async Task<HttpResponseMessage> SendUnguardedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Prepare(request);
        await model.Credential.ApplyAsync(request, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await Packing.UnpackAsync(response, cancellationToken).ConfigureAwait(false);
        return response;
    }

    private static async ValueTask GuardAsync(AttemptRecord record, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string? mediaType = response.Content.Headers.ContentType?.MediaType;
        if (string.Equals(mediaType, "text/html", StringComparison.OrdinalIgnoreCase))
        {
            throw record.Fail(FailureClass.Protocol, "answered with a page of HTML");
        }

        WireReader reader = record.Model.Dialect.CreateReader(record);
        bool jsonLines = record.Model.Dialect.JsonLines;
        bool whole = !record.Streaming || (!jsonLines && string.Equals(mediaType, "application/json", StringComparison.OrdinalIgnoreCase));
        if (!whole)
        {
            Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            GuardedStream guarded = new(stream, record, new EventScanner(reader, record, jsonLines), response);
            record.Open(guarded);
            response.Content = new ReplacedContent(response.Content, guarded);
            return;
        }

        byte[] body = await ReadAsync(record, response.Content, MaxWholeBytes, cancellationToken).ConfigureAwait(false);
        reader.ReadWhole(body);
        if (record.Streaming)
        {
            throw record.Fail(FailureClass.Protocol, "answered a request for a stream with a whole answer");
        }

        response.Content = new ReplacedContent(response.Content, body);
    }

    private static async ValueTask<byte[]> ReadAsync(AttemptRecord record, HttpContent content, int limit, CancellationToken cancellationToken)
    {
        try
        {
            Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            if (content.Headers.ContentLength is { } length && length <= limit)
            {
                byte[] exact = new byte[length];
                await stream.ReadExactlyAsync(exact, cancellationToken).ConfigureAwait(false);
                return exact;
            }

            using MemoryStream grown = new();
            byte[] piece = new byte[8192];
            int read;
            while ((read = await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false)) > 0)
            {
                grown.Write(piece, 0, read);
                if (grown.Length > limit)
                {
                    throw record.Fail(FailureClass.Protocol, $"answered with more than {limit} bytes");
                }
            }

            return grown.ToArray();
        }
        catch (EndOfStreamException error)
        {
            throw record.Fail(FailureClass.Protocol, "broke off its answer", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidDataException)
        {
            throw record.Fail(WireFaults.Classify(error), "broke off its answer", error);
        }
    }
}
