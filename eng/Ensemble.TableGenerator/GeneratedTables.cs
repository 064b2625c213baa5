using Ensemble.Tokenization.Splitting;
using Ensemble.Tokenization.Tables;

namespace Ensemble.TableGenerator;

/// <summary>The tables that <c>Ensemble.Tokenization</c> embeds.</summary>
internal static class GeneratedTables
{
    public static IEnumerable<KeyValuePair<string, byte[]>> All()
    {
        yield return new(CharClasses.ResourceName, UnicodeClasses.Generate());
        yield return new(EmbeddedVocabulary.O200kBase, RankFile.GenerateMerges("Microsoft.ML.Tokenizers.Data.O200kBase", "o200k_base.tiktoken.deflate"));
        yield return new(EmbeddedVocabulary.Cl100kBase, RankFile.GenerateMerges("Microsoft.ML.Tokenizers.Data.Cl100kBase", "cl100k_base.tiktoken.deflate"));
    }
}
