using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ensemble.Onnx.Tests.Embeddings;

/// <summary>Support messages for four teams: 24 examples and 24 to be assigned.</summary>
internal sealed class Tickets
{
    public required Ticket[] Examples { get; init; }

    public required Ticket[] Test { get; init; }

    public static Tickets Read([CallerFilePath] string here = "") =>
        JsonSerializer.Deserialize<Tickets>(File.ReadAllBytes(Path.GetFullPath(Path.Combine(here, "../data/tickets.json"))), JsonSerializerOptions.Web)!;

    public sealed record Ticket(string Text, string Label);
}
