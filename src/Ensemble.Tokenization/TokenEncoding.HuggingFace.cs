using Ensemble.Tokenization.HuggingFace;

namespace Ensemble.Tokenization;

public sealed partial class TokenEncoding
{
    /// <summary>Loads a byte-level BPE vocabulary from a Hugging Face <c>tokenizer.json</c>: GPT-2, Llama 3, Qwen 2 and 3, Phi-4, SmolLM2, gpt-oss and their like.</summary>
    /// <remarks>
    /// The counts are those of the text alone: what <c>post_processor</c> puts around it is not counted. A component that cannot be followed to the letter
    /// is an error that names it, never an estimate.
    /// </remarks>
    /// <param name="path">The file, or the folder of a model that holds one.</param>
    /// <returns>The encoding, named after the file's folder.</returns>
    /// <exception cref="TokenizerFileException">The file is damaged, or a component is not supported.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TokenEncoding FromHuggingFace(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Directory.Exists(path) ? Path.Combine(path, TokenizerFile.FileName) : path;
        string folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(file))!);
        using FileStream json = File.OpenRead(file);
        return TokenizerFile.Read(json, file, folder.Length == 0 ? Path.GetFileName(file) : folder);
    }

    /// <summary>Loads a byte-level BPE vocabulary from the content of a Hugging Face <c>tokenizer.json</c>.</summary>
    /// <param name="json">The content, read to its end and left open.</param>
    /// <param name="name">The name of the encoding, which messages use for the file too.</param>
    /// <exception cref="TokenizerFileException">The content is damaged, or a component is not supported.</exception>
    public static TokenEncoding FromHuggingFace(Stream json, string name = TokenizerFile.FileName)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return TokenizerFile.Read(json, name, name);
    }
}
