using System.Runtime.CompilerServices;

namespace Ensemble;

/// <summary>
/// The body of a streamed answer as an SDK reads it. Good events pass as they arrive; a bad one is held back and raises its failure
/// when the SDK asks for more, so that nothing received before it is lost.
/// </summary>
internal sealed class GuardedStream : Stream
{
    private readonly Stream _inner;
    private readonly AttemptRecord _record;
    private readonly EventScanner _scanner;
    private readonly HttpResponseMessage _response;
    private readonly CancellationTokenRegistration _abort;
    private ProviderException? _pending;
    private bool _ended;
    private int _disposed;

    public GuardedStream(Stream inner, AttemptRecord record, EventScanner scanner, HttpResponseMessage response)
    {
        _inner = inner;
        _record = record;
        _scanner = scanner;
        _response = response;

        // Not every SDK hands its token down to the read; the connection is closed under it then.
        _abort = record.CancellationToken.UnsafeRegister(static state => ((Stream)state!).Dispose(), inner);
    }

    /// <summary>Gets whether the mark has passed after which an OpenAI stream has nothing more to say.</summary>
    public bool SawDone => _scanner.SawDone;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            int read;
            try
            {
                ThrowIfPending();
                read = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (IsFault(error))
            {
                throw Translate(error);
            }

            if (Pass(buffer.Span[..read]) is { } passed)
            {
                return passed;
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            int read;
            try
            {
                ThrowIfPending();
                read = _inner.Read(buffer);
            }
            catch (Exception error) when (IsFault(error))
            {
                throw Translate(error);
            }

            if (Pass(buffer[..read]) is { } passed)
            {
                return passed;
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _abort.Dispose();
            TakeEnd();
            _inner.Dispose();
            _response.Dispose();
            _scanner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// An SDK that stops at <c>[DONE]</c> leaves the few bytes that end the body unread, and a connection with unread bytes is closed. They
    /// have mostly arrived by now: one look that never waits keeps the connection for the next request.
    /// </summary>
    private void TakeEnd()
    {
        if (_ended || _pending is not null || !_scanner.SawDone)
        {
            return;
        }

        try
        {
            ValueTask<int> rest = _inner.ReadAsync(new byte[16], CancellationToken.None);
            if (rest.IsCompletedSuccessfully)
            {
                _ = rest.Result;
                return;
            }

            _ = ObserveAsync(rest);
        }
        catch (Exception error) when (IsFault(error))
        {
            // The answer is complete; what becomes of its connection is nobody's failure.
        }
    }

    private static async Task ObserveAsync(ValueTask<int> rest)
    {
        try
        {
            await rest.ConfigureAwait(false);
        }
        catch (Exception error) when (IsFault(error) || error is OperationCanceledException)
        {
            // The stream is disposed under this read on purpose.
        }
    }

    private static bool IsFault(Exception error) => error is IOException or HttpRequestException or InvalidDataException or ObjectDisposedException;

    private Exception Translate(Exception error) => _record.CancellationToken.IsCancellationRequested
        ? new OperationCanceledException("The attempt is over.", error, _record.CancellationToken)
        : _record.Fail(WireFaults.Classify(error), "broke off its stream", error);

    private void ThrowIfPending()
    {
        if (_pending is not null)
        {
            throw _pending;
        }
    }

    /// <summary>Returns how many bytes the SDK gets; <see langword="null"/> when none of them may pass and the failure is due.</summary>
    private int? Pass(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            if (!_ended)
            {
                _ended = true;
                _scanner.End();
            }

            return 0;
        }

        int good = _scanner.Scan(bytes, out _pending);
        return good > 0 ? good : null;
    }
}
