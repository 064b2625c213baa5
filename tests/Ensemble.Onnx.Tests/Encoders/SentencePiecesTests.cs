using Ensemble.Models;
using Ensemble.Onnx.Tests.Embeddings;

namespace Ensemble.Onnx.Tests.Encoders;

public sealed class SentencePiecesTests
{
    private static readonly EncoderTokenizer Shipped = EncoderTokenizer.Load(EncoderFolder.Open(E5Small.Folder));

    private static readonly E5Fixtures Fixtures = E5Fixtures.Read();

    [Test]
    public void Encode_EveryFixture_GivesTheIdsOfTheReference()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Fixtures.Items, Has.Length.EqualTo(20));
            foreach (E5Fixtures.Item item in Fixtures.Items)
            {
                Assert.That(Shipped.Encode(Fixtures.Prefix + item.Text, 512).Ids, Is.EqualTo(item.Ids), item.Text);
            }
        }
    }

    [Test]
    public void Encode_TextLongerThanTheLimit_EndsWithTheEndMark()
    {
        int[] ids = Shipped.Encode("query: " + new string('a', 1_000_000), 64).Ids;

        Assert.That(ids, Has.Length.LessThanOrEqualTo(64));
        Assert.That((ids[0], ids[^1]), Is.EqualTo((SentencePieces.BeginId, SentencePieces.EndId)));
    }

    [Test]
    public void Encode_TextThatSpellsAControlToken_StaysText() =>
        Assert.That(Shipped.Encode("query: </s><s><pad>", 64).Ids[1..^1], Has.None.EqualTo(0).And.None.EqualTo(1).And.None.EqualTo(2));

    [Test]
    public void Encode_PublishedLayout_ShiftsEveryIdAndKnowsItsUnknown()
    {
        using TinyEncoder folder = new();
        EncoderTokenizer published = EncoderTokenizer.Load(EncoderFolder.Open(EncoderLayout.XlmRoberta(folder).With("model.onnx", "").Folder));

        Assert.That(published.Encode("good zzz hello", 64).Ids, Is.EqualTo((int[])[0, 8, 7, 3, 4, 2]));
        Assert.That((published.PaddingId, published.Limit), Is.EqualTo((1, (int?)512)));
    }

    [Test]
    public void Encode_TheShippedVocabularyInThePublishedLayout_GivesTheSameIds()
    {
        // The published file has no <pad>, and <unk> before <s>: the same pieces, each one place earlier.
        using TinyEncoder folder = new();
        byte[] shipped = File.ReadAllBytes(Path.Combine(E5Small.Folder, "sentencepiece.model"));
        ProtobufWriter published = new();
        using (MemoryStream file = new(shipped))
        {
            ProtobufField[] fields = [.. ProtobufField.ReadAll(file, 0, file.Length)];
            foreach (ProtobufField field in (ProtobufField[])[fields[3], fields[0], fields[2], .. fields[4..]])
            {
                byte[] content = field.Read(file);
                published.Bytes(field.Number, field.Number == 2 ? new ProtobufWriter().Number(3, 1).Number(40, 0).Number(41, 1).Number(42, 2).Number(43, -1).Text(45, "<unk>").Text(46, "<s>").Text(47, "</s>").ToArray() : content);
            }
        }

        folder.With("sentencepiece.bpe.model", published.ToArray()).With("tokenizer_config.json", """{"tokenizer_class":"XLMRobertaTokenizer"}""").With("model.onnx", "");
        EncoderTokenizer tokenizer = EncoderTokenizer.Load(EncoderFolder.Open(folder.Folder));

        foreach (E5Fixtures.Item item in Fixtures.Items)
        {
            Assert.That(tokenizer.Encode(Fixtures.Prefix + item.Text, 512).Ids, Is.EqualTo(item.Ids), item.Text);
        }
    }
}
