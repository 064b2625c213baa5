using System.Runtime.CompilerServices;

namespace Ensemble.Tokenization.Tests;

/// <summary>The encodings that a fixture runs for.</summary>
internal static class Encodings
{
    /// <summary>Those that the project brings, with recorded counts.</summary>
    public static readonly TokenEncoding[] All = [TokenEncoding.O200kBase, TokenEncoding.Cl100kBase];

    /// <summary>Those and one that is read from a file.</summary>
    public static readonly TokenEncoding[] WithFile =
    [
        .. All,
        TokenEncoding.FromHuggingFace(Path.Combine(Path.GetDirectoryName(FileOf())!, "../../src/Ensemble.Models.SmolLM2/model")),
    ];

    private static string FileOf([CallerFilePath] string path = "") => path;
}
