namespace Ensemble.Tokenization.Tables;

/// <summary>The vocabularies inside this assembly.</summary>
internal static unsafe class EmbeddedVocabulary
{
    public const string O200kBase = "o200k_base.merges";
    public const string Cl100kBase = "cl100k_base.merges";

    public static VocabularyDefinition Open(string name)
    {
        byte* data = EmbeddedTable.Open(name, out int length);
        return new VocabularyDefinition(new MergeList(data, length));
    }
}
