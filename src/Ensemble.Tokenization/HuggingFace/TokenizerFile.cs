using System.Text.Json;

namespace Ensemble.Tokenization.HuggingFace;

/// <summary>Reads a <c>tokenizer.json</c> with a byte-level BPE model and refuses, by name, what it cannot follow to the letter.</summary>
internal static class TokenizerFile
{
    /// <summary>The name of such files.</summary>
    public const string FileName = "tokenizer.json";

    /// <summary>Reads a file.</summary>
    /// <exception cref="TokenizerFileException">The file is damaged, or a component is not supported.</exception>
    public static TokenEncoding Read(Stream json, string file, string name)
    {
        using JsonDocument document = Parse(json, file);
        var root = new FileNode(file, "", document.RootElement);

        // The model first: that of a SentencePiece file is the clearest thing to complain about.
        var model = new ModelReader(root["model"]);
        model.CheckSupported();
        var normalizer = NormalizerReader.Read(root["normalizer"]);
        var rules = PreTokenizerReader.Read(root["pre_tokenizer"]);
        return new TokenEncoding(name, model.ReadVocabulary(), rules, AddedTokensReader.Read(root["added_tokens"], normalizer, model.Foreign), normalizer);
    }

    private static JsonDocument Parse(Stream json, string file)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException error)
        {
            throw new TokenizerFileException(file, "the file", $"is not valid JSON ({error.Message}) Fetch it again.", error);
        }
    }
}
