namespace Ensemble.Onnx;

/// <summary>The files of an encoder, as Hugging Face's exporters lay them out.</summary>
internal sealed class EncoderFolder
{
    private static readonly string[] ModelFiles = ["model.onnx", System.IO.Path.Combine("onnx", "model.onnx")];

    // XLM-RoBERTa's, under the name of the shipped model and under that of the published ones.
    private static readonly string[] PieceFiles = ["sentencepiece.model", "sentencepiece.bpe.model"];

    private EncoderFolder(string path)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));
        ModelPath = FindFirst(ModelFiles)!;
        PiecesPath = FindFirst(PieceFiles);
        TokenizerPath = FindFirst("tokenizer.json");
        VocabularyPath = FindFirst("vocab.txt");
        Config = ReadJson("config.json");
        TokenizerConfig = ReadJson("tokenizer_config.json");
        SpecialTokens = ReadJson("special_tokens_map.json");
    }

    internal string Path { get; }

    internal string Name { get; }

    internal string ModelPath { get; }

    /// <summary>The SentencePiece file, if there is one.</summary>
    internal string? PiecesPath { get; }

    /// <summary><c>tokenizer.json</c>, if it is there.</summary>
    internal string? TokenizerPath { get; }

    /// <summary><c>vocab.txt</c>, if it is there.</summary>
    internal string? VocabularyPath { get; }

    /// <summary><c>config.json</c>; <see langword="null"/> in a folder like that of the shipped model.</summary>
    internal EncoderJson? Config { get; }

    internal EncoderJson? TokenizerConfig { get; }

    internal EncoderJson? SpecialTokens { get; }

    /// <summary>The architecture, for instance <c>bert</c>; <see langword="null"/> when no file says it.</summary>
    internal string? ModelType => Config?.Text("model_type");

    /// <summary>Opens a folder and reads its small files.</summary>
    /// <exception cref="ModelLoadException">The model or every tokenizer is missing, or a file is not JSON.</exception>
    internal static EncoderFolder Open(string path) =>
        FindMissing(path) is { } missing ? throw new ModelLoadException(Missing(path, missing)) { Path = System.IO.Path.Combine(path, missing) } : new EncoderFolder(path);

    /// <summary>Says what a folder lacks, without loading anything; <see langword="null"/> when nothing is.</summary>
    internal static string? ProblemWith(string path) => FindMissing(path) is { } missing ? Missing(path, missing) : null;

    /// <summary>Reads another of its JSON files; <see langword="null"/> when it is not there.</summary>
    internal EncoderJson? ReadJson(string file) => EncoderJson.TryRead(System.IO.Path.Combine(Path, file));

    private static string? FindMissing(string path) =>
        !Array.Exists(ModelFiles, file => File.Exists(System.IO.Path.Combine(path, file))) ? ModelFiles[0]
        : !Array.Exists([.. PieceFiles, "tokenizer.json", "vocab.txt"], file => File.Exists(System.IO.Path.Combine(path, file))) ? "tokenizer.json"
        : null;

    private static string Missing(string path, string file) =>
        $"'{System.IO.Path.Combine(path, file)}' does not exist. Name a folder with model.onnx (or onnx/model.onnx) and {string.Join(", ", PieceFiles)}, tokenizer.json or vocab.txt, or add the package Ensemble.Models.E5Small.";

    private string? FindFirst(params string[] files) => files.Select(file => System.IO.Path.Combine(Path, file)).FirstOrDefault(File.Exists);
}
