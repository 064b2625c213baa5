using Ensemble.Tokenization.Normalizing;
using Ensemble.Tokenization.Special;

namespace Ensemble.Tokenization.HuggingFace;

/// <summary>Reads the section <c>added_tokens</c>: names that stand for one token when they are asked to.</summary>
internal static class AddedTokensReader
{
    public static SpecialTokenTable Read(FileNode node, TextNormalizer? normalizer, IReadOnlyList<KeyValuePair<byte[], int>> foreign)
    {
        var tokens = new List<SpecialToken>();
        foreach (FileNode token in node.IsNull ? [] : node.Elements())
        {
            if (token["single_word"].Flag(missing: false))
            {
                throw token["single_word"].Error("a token that must stand alone as a word is not supported. Set it to false, or count with the model's own tokenizer.");
            }

            string content = token["content"].Text();
            if (content.Length == 0)
            {
                throw token["content"].Error("a token without a text is not supported. Remove it.");
            }

            bool normalized = normalizer is not null && token["normalized"].Flag(missing: true);
            tokens.Add(new SpecialToken
            {
                Content = content,
                Match = normalized ? normalizer!.Normalize(content) : content,
                Id = token["id"].Id(),
                TakesWhiteBefore = token["lstrip"].Flag(missing: false),
                TakesWhiteAfter = token["rstrip"].Flag(missing: false),
                IsNormalized = normalized,
            });
        }

        var table = new SpecialTokenTable(tokens, foreign);

        // Now, so that what is wrong with a file is found when it is read.
        _ = table.Ids;
        return table;
    }
}
