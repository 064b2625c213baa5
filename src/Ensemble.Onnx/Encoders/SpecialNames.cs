namespace Ensemble.Onnx;

/// <summary>The names of a model's special tokens, wherever the folder writes them.</summary>
internal static class SpecialNames
{
    /// <summary>Finds the name of a special token, for instance of <c>pad_token</c>; <see langword="null"/> when no file says it.</summary>
    internal static string? Find(EncoderFolder folder, string key) => folder.TokenizerConfig?.Token(key) ?? folder.SpecialTokens?.Token(key);
}
