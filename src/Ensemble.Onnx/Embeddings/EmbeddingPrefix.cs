using System.Text.Json;

namespace Ensemble.Onnx;

/// <summary>Finds the prefix that an embedding model was trained with.</summary>
internal static class EmbeddingPrefix
{
    internal static string Find(EncoderFolder folder)
    {
        // Without a config.json it is laid out like the shipped model.
        if (folder.Config is not { } config || NamesE5(folder.Name) || NamesE5(config.Text("_name_or_path") ?? ""))
        {
            return OnnxEmbeddingOptions.QueryPrefix;
        }

        if (folder.ReadJson("config_sentence_transformers.json") is not { } sentences || sentences.Text("default_prompt_name") is not { } name)
        {
            return "";
        }

        return sentences.Find("prompts") is { } prompts && EncoderJson.Find(prompts, name) is { ValueKind: JsonValueKind.String } prompt ? prompt.GetString()!
            : throw sentences.Error("default_prompt_name", name, "no prompt of that name stands under prompts; correct the file, or set Prefix");
    }

    // As a word of the name, so that "we5t" is none.
    private static bool NamesE5(string name) => name.ToUpperInvariant().Split('-', '_', '/', '\\', '.', ' ').Contains("E5");
}
