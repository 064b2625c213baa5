using System.Text;

namespace Ensemble.Onnx;

/// <summary>
/// Finds the length at which a model with long rope (Phi-3 and its like) changes the angles of all its positions. A cache that was filled on one side
/// of it gives other logits than the whole text on the other side, and the runtime says nothing.
/// </summary>
internal static class RopeLimit
{
    // The published models switch here, and the runtime's own generation knows this length only.
    internal const int Published = 4096;

    // The node stands near the front of the graph; weights may follow in the same file.
    private const int MostRead = 64 << 20;

    // The exporter compares the length with a constant and names constants by their value.
    private static readonly byte[] Comparison = "/rope_caches_subgraph/Greater/output_0"u8.ToArray();
    private static readonly byte[] Constant = "/constants/INT64/"u8.ToArray();

    /// <summary>Reads the limit from a decoder's graph; <see langword="null"/> for families without one.</summary>
    internal static int? Find(string type, string decoderPath)
    {
        if (!type.StartsWith("phi3", StringComparison.Ordinal) && !type.StartsWith("phimoe", StringComparison.Ordinal))
        {
            return null;
        }

        using FileStream file = File.OpenRead(decoderPath);
        byte[] graph = new byte[(int)Math.Min(MostRead, file.Length)];
        int read = file.ReadAtLeast(graph, graph.Length, throwOnEndOfStream: false);
        return Parse(graph.AsSpan(0, read));
    }

    /// <summary>Finds the constant in front of the comparison's output, as a node's inputs stand in front of its outputs; the published limit if the graph has another form.</summary>
    internal static int Parse(ReadOnlySpan<byte> graph)
    {
        int comparison = graph.IndexOf(Comparison);
        int constant = comparison < 0 ? -1 : graph[..comparison].LastIndexOf(Constant);
        if (constant < 0)
        {
            return Published;
        }

        ReadOnlySpan<byte> rest = graph[(constant + Constant.Length)..comparison];
        int digits = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return int.TryParse(Encoding.ASCII.GetString(rest[..Math.Max(digits, 0)]), out int limit) && limit > 0 ? limit : Published;
    }
}
