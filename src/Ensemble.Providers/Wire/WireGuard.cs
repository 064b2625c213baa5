using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
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

    // Most answers fit; a longer one doubles it.
    private const int FirstBytes = 8 * 1024;

    /// <summary>Sends the request of an attempt and hands the answer on when it may pass.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(HttpRequestMessage request, AttemptRecord record, IAnswerTaker taker, CancellationToken cancellationToken)
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
            if (Packing.IsPacked(response))
            {
                await Packing.UnpackAsync(response, cancellationToken).ConfigureAwait(false);
            }

            record.StatusCode = (int)response.StatusCode;
            RateLimits.Read(response.Headers, record);
            if (!response.IsSuccessStatusCode)
            {
                byte[] body = await ReadAsync(record, response.Content, MaxErrorBytes, cancellationToken).ConfigureAwait(false);
                throw ErrorBody.Fail(record, body, response.Headers);
            }

            if (IsOfType(response.Content, "text/html"))
            {
                throw record.Fail(FailureClass.Protocol, "answered with a page of HTML");
            }

            WireReader reader = record.Model.Dialect.CreateReader(record);
            bool jsonLines = record.Model.Dialect.JsonLines;
            if (record.Streaming && (jsonLines || !IsOfType(response.Content, "application/json")))
            {
                Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                GuardedStream guarded = new(stream, record, new EventScanner(reader, record, jsonLines), response);
                record.Open(guarded);
                taker.Take(response, guarded);
                return;
            }

            byte[] whole = await ReadAsync(record, response.Content, MaxWholeBytes, cancellationToken).ConfigureAwait(false);
            reader.ReadWhole(whole);
            if (record.Streaming)
            {
                throw record.Fail(FailureClass.Protocol, "answered a request for a stream with a whole answer");
            }

            taker.Take(response, whole);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        AttemptRecord.Current is { } record && record.Model == model
            ? SendGuardedAsync(request, record, cancellationToken)
            : SendUnguardedAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendGuardedAsync(HttpRequestMessage request, AttemptRecord record, CancellationToken cancellationToken)
    {
        Replacement answer = new();
        await SendAsync(request, record, answer, cancellationToken).ConfigureAwait(false);
        return answer.Response!;
    }

    /// <summary>Somebody uses the SDK for something else, listing models for instance: the key is needed, the guard is not.</summary>
    private async Task<HttpResponseMessage> SendUnguardedAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Prepare(request);
        await model.Credential.ApplyAsync(request, cancellationToken).ConfigureAwait(false);
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (Packing.IsPacked(response))
        {
            await Packing.UnpackAsync(response, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    private static void Prepare(HttpRequestMessage request)
    {
        if (request.RequestUri?.Scheme == Uri.UriSchemeHttps)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

        Packing.Accept(request);
    }

    /// <summary>Looks at the type as it was written: to parse it would cost every answer its objects.</summary>
    private static bool IsOfType(HttpContent content, string mediaType)
    {
        if (!content.Headers.NonValidated.TryGetValues("Content-Type", out HeaderStringValues values))
        {
            return false;
        }

        ReadOnlySpan<char> type = values.ToString();
        int end = type.IndexOf(';');
        return (end < 0 ? type : type[..end]).Trim().Equals(mediaType, StringComparison.OrdinalIgnoreCase);
    }

    private static async ValueTask<byte[]> ReadAsync(AttemptRecord record, HttpContent content, int limit, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        try
        {
            Stream stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            int length = 0;
            int read;
            while ((read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += read;
                if (length > limit)
                {
                    throw record.Fail(FailureClass.Protocol, $"answered with more than {limit} bytes");
                }

                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.CopyTo(larger.AsSpan());
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return buffer.AsSpan(0, length).ToArray();
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidDataException)
        {
            throw record.Fail(WireFaults.Classify(error), "broke off its answer", error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The answer for an SDK that reads an <see cref="HttpResponseMessage"/>.</summary>
    private sealed class Replacement : IAnswerTaker
    {
        public HttpResponseMessage? Response { get; private set; }

        public void Take(HttpResponseMessage response, byte[] whole) => Replace(response, new MemoryStream(whole, writable: false));

        public void Take(HttpResponseMessage response, GuardedStream stream) => Replace(response, stream);

        private void Replace(HttpResponseMessage response, Stream stream)
        {
            response.Content = new ReplacedContent(response.Content, stream);
            Response = response;
        }
    }
}
