using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ensemble.Onnx.Tests.Embeddings;

/// <summary>What an independent runtime gave for the shipped embedding model.</summary>
internal sealed class E5Fixtures
{
    public required string Prefix { get; init; }

    public required Item[] Items { get; init; }

    public required Pair[] Cosines { get; init; }

    public required Vector FullVector { get; init; }

    public static E5Fixtures Read() => JsonSerializer.Deserialize<E5Fixtures>(File.ReadAllBytes(Path()), JsonSerializerOptions.Web)!;

    private static string Path([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(here, "../../../../src/Ensemble.Models.E5Small/model/fixtures.json"));

    public sealed record Item(string Text, int[] Ids, float[] First8, double Norm);

    public sealed record Pair(int A, int B, double Cos);

    public sealed record Vector(int Item, float[] Values);
}
