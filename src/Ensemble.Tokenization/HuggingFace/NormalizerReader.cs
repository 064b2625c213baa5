using System.Text;
using Ensemble.Tokenization.Normalizing;

namespace Ensemble.Tokenization.HuggingFace;

/// <summary>Reads the section <c>normalizer</c>: Unicode's four forms, one at most.</summary>
internal static class NormalizerReader
{
    public static TextNormalizer? Read(FileNode node)
    {
        if (node.IsNull)
        {
            return null;
        }

        string type = node["type"].Text();
        return type switch
        {
            "NFC" => new TextNormalizer(NormalizationForm.FormC),
            "NFD" => new TextNormalizer(NormalizationForm.FormD),
            "NFKC" => new TextNormalizer(NormalizationForm.FormKC),
            "NFKD" => new TextNormalizer(NormalizationForm.FormKD),
            "Sequence" => ReadSequence(node["normalizers"]),
            _ => throw node.Error($"the normalizer '{type}' is not supported; NFC, NFD, NFKC and NFKD are. Count with the model's own tokenizer."),
        };
    }

    private static TextNormalizer? ReadSequence(FileNode steps)
    {
        FileNode[] elements = [.. steps.Elements()];
        return elements switch
        {
            [] => null,
            [var only] => Read(only),
            [var first, var second, ..] => throw Refuse(first, second),
        };

        // The first unknown step is a better complaint than that there are two.
        TokenizerFileException Refuse(FileNode first, FileNode second)
        {
            Read(first);
            Read(second);
            return steps.Error("more than one normalizer is not supported. Count with the model's own tokenizer.");
        }
    }
}
