using System.Buffers;

namespace Ensemble;

/// <summary>
/// Cuts a stream into events as its bytes pass, wherever the pieces are cut, and hands each to a <see cref="WireReader"/>. Server-sent
/// events follow the WHATWG grammar (LF, CRLF or CR; comments and unknown fields are skipped); of JSON lines each is an event.
/// </summary>
internal sealed class EventScanner(WireReader reader, AttemptRecord record, bool jsonLines) : IDisposable
{
    /// <summary>The longest event that is taken, in bytes; no provider sends any near it, and a broken one must not fill the memory.</summary>
    public const int MaxEventBytes = 32 * 1024 * 1024;

    private static readonly SearchValues<byte> LineEnds = SearchValues.Create("\r\n"u8);

    private readonly PooledBytes _line = new();
    private readonly PooledBytes _data = new();
    private readonly PooledBytes _name = new();
    private bool _afterCr;
    private bool _first = true;

    /// <summary>Whether the mark has passed after which an OpenAI stream has nothing more to say; what follows it is not looked at.</summary>
    public bool SawDone { get; private set; }

    /// <summary>Reads on; every complete event is handed over.</summary>
    /// <param name="bytes">The next bytes of the stream.</param>
    /// <param name="failure">What the reader raised, if it did.</param>
    /// <returns>How many of the bytes may be passed on: all, or those up to the end of the last good event.</returns>
    public int Scan(ReadOnlySpan<byte> bytes, out ProviderException? failure)
    {
        int good = 0;
        int at = 0;
        failure = null;
        try
        {
            while (at < bytes.Length && !SawDone)
            {
                if (_afterCr)
                {
                    _afterCr = false;
                    if (bytes[at] == (byte)'\n')
                    {
                        at++;
                        continue;
                    }
                }

                int length = bytes[at..].IndexOfAny(LineEnds);
                if (length < 0)
                {
                    Keep(bytes[at..]);
                    break;
                }

                ReadOnlySpan<byte> line = bytes.Slice(at, length);
                at += length;
                _afterCr = bytes[at] == (byte)'\r';
                at++;
                if (_line.Length > 0)
                {
                    Keep(line);
                    line = _line.Span;
                }

                bool dispatched = Line(line);
                _line.Clear();
                if (dispatched)
                {
                    // The line feed of a CRLF belongs to the event that it ends.
                    good = _afterCr && at < bytes.Length && bytes[at] == (byte)'\n' ? at + 1 : at;
                }
            }

            return bytes.Length;
        }
        catch (ProviderException error)
        {
            failure = error;
            return good;
        }
    }

    /// <summary>The stream is over: a last JSON line without a line end counts; a server-sent event without its blank line does not.</summary>
    public void End()
    {
        if (jsonLines && _line.Length > 0)
        {
            Line(_line.Span);
            _line.Clear();
        }

        reader.ReadEnd();
    }

    public void Dispose()
    {
        _line.Dispose();
        _data.Dispose();
        _name.Dispose();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (_line.Length + bytes.Length > MaxEventBytes)
        {
            throw TooLong();
        }

        _line.Append(bytes);
    }

    /// <summary>Takes one line; returns whether it ended an event, or stands between events.</summary>
    private bool Line(ReadOnlySpan<byte> line)
    {
        if (_first)
        {
            _first = false;
            if (line.StartsWith("\uFEFF"u8))
            {
                line = line[3..];
            }
        }

        if (jsonLines)
        {
            if (!line.IsEmpty)
            {
                reader.ReadEvent([], line);
            }

            return true;
        }

        if (line.IsEmpty)
        {
            if (_data.Length > 0)
            {
                SawDone |= _data.Span.SequenceEqual("[DONE]"u8);
                reader.ReadEvent(_name.Span, _data.Span);
            }

            _data.Clear();
            _name.Clear();
            return true;
        }

        if (line.StartsWith("data:"u8))
        {
            Data(Value(line, 5));
        }
        else if (line.StartsWith("event:"u8))
        {
            _name.Clear();
            _name.Append(Value(line, 6));
        }
        else if (line[0] is (byte)'{' or (byte)'<')
        {
            // A JSON object or a page of HTML in the middle of a stream of events: a proxy spoke, not the provider.
            throw line[0] == (byte)'{'
                ? ErrorBody.Fail(record, line, headers: null)
                : record.Fail(FailureClass.Protocol, "sent HTML in the middle of a stream");
        }

        return false;
    }

    private void Data(ReadOnlySpan<byte> value)
    {
        if (_data.Length + value.Length > MaxEventBytes)
        {
            throw TooLong();
        }

        if (_data.Length > 0)
        {
            _data.Append("\n"u8);
        }

        _data.Append(value);
    }

    private ProviderException TooLong() => record.Fail(FailureClass.Protocol, $"sent an event of more than {MaxEventBytes} bytes");

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, int start)
    {
        ReadOnlySpan<byte> value = line[start..];
        return value.StartsWith(" "u8) ? value[1..] : value;
    }
}
