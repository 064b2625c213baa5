using Ensemble.Models;

namespace Ensemble.Onnx.Tests.Embeddings;

/// <summary>Loads the shipped embedding model once for all tests of the folder.</summary>
[SetUpFixture]
public sealed class SharedE5
{
    internal static OnnxEmbeddingGenerator Generator { get; private set; } = null!;

    [OneTimeSetUp]
    public void Load() => Generator = new OnnxEmbeddingGenerator(E5Small.Folder);

    [OneTimeTearDown]
    public void Free() => Generator.Dispose();
}
