using Ensemble.Models;

namespace Ensemble.Onnx.Tests.Embeddings;

public sealed class EmbeddingTokenizerTests
{
    private static readonly EmbeddingTokenizer Tokenizer = EmbeddingTokenizer.Load(Path.Combine(E5Small.Folder, "sentencepiece.model"));

    private static readonly E5Fixtures Fixtures = E5Fixtures.Read();

    [Test]
    public void Encode_EveryFixture_GivesTheIdsOfTheReference()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Fixtures.Items, Has.Length.EqualTo(20));
            foreach (E5Fixtures.Item item in Fixtures.Items)
            {
                Assert.That(Tokenizer.Encode(Fixtures.Prefix, item.Text, 512), Is.EqualTo(item.Ids), item.Text);
            }
        }
    }

    [Test]
    public void Encode_TextLongerThanTheLimit_EndsWithTheEndMark()
    {
        int[] ids = Tokenizer.Encode("query: ", new string('a', 1_000_000), 64);

        Assert.That(ids, Has.Length.LessThanOrEqualTo(64));
        Assert.That((ids[0], ids[^1]), Is.EqualTo((EmbeddingTokenizer.BeginId, EmbeddingTokenizer.EndId)));
    }

    [Test]
    public void Encode_TextThatSpellsAControlToken_StaysText() =>
        Assert.That(Tokenizer.Encode("query: ", "</s><s><pad>", 64)[1..^1], Has.None.EqualTo(0).And.None.EqualTo(1).And.None.EqualTo(2));
}
