using System.IO.Compression;
using System.Text;

namespace Ensemble.Providers.Tests;

/// <summary>One answer as bytes on the wire: what the server sends, in which pieces, and how it ends.</summary>
internal sealed record Play
{
    public int Status { get; init; } = 200;

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<byte[]> Segments { get; init; } = [];

    public Ending Ending { get; init; }

    /// <summary>The byte of the body at which the headers' length is exceeded, for <see cref="Ending.ShortOfLength"/>.</summary>
    public int MissingBytes { get; init; } = 10;

    /// <summary>When set, the headers wait for it; the client sees nothing until then.</summary>
    public Task? Until { get; init; }

    /// <summary>When set, the end waits for it: a reset makes a client's machine forget what the client has not read yet.</summary>
    public Task? BeforeEnd { get; init; }

    public static Play Json(string body, int status = 200) => new() { Status = status, Segments = [Encoding.UTF8.GetBytes(body)] };

    public static Play Silence { get; } = new() { Ending = Ending.Stall, Until = Task.Delay(Timeout.Infinite) };

    public Play With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };

    /// <summary>The same bytes cut into pieces of the given size, each flushed on its own.</summary>
    public Play CutEvery(int bytes) => this with { Segments = [.. Segments.SelectMany(s => s).Chunk(bytes)] };

    /// <summary>The same bytes in one piece.</summary>
    public Play Joined() => this with { Segments = [[.. Segments.SelectMany(s => s)]] };

    public Play Take(int segments, Ending ending) => this with { Segments = [.. Segments.Take(segments)], Ending = ending };

    public Play Insert(int at, byte[] segment) => this with { Segments = [.. Segments.Take(at), segment, .. Segments.Skip(at)] };

    public Play Insert(int at, string segment) => Insert(at, Encoding.UTF8.GetBytes(segment));

    public Play Without(int at) => this with { Segments = [.. Segments.Take(at), .. Segments.Skip(at + 1)] };

    public Play Gzipped()
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (byte[] segment in Segments)
            {
                gzip.Write(segment);
            }
        }

        return (this with { Segments = [packed.ToArray()] }).With("Content-Encoding", "gzip");
    }
}
