using Ensemble.Tokenization;

namespace Ensemble.Onnx.Tests.Local;

/// <summary>Tokens counted without the runtime are the runtime's.</summary>
internal sealed class TokenEncodingTests
{
    [Test]
    public void GetService_ShippedModel_GivesTheRuntimesIds()
    {
        var encoding = (TokenEncoding)SharedSmolLM2.Client.GetService(typeof(TokenEncoding))!;

        Assert.That(encoding, Is.SameAs(SharedSmolLM2.Client.GetService(typeof(TokenEncoding))));
        Assert.Multiple(() =>
        {
            foreach (SmolLM2Fixture.Encoding item in SmolLM2Fixture.Read().Tokenizer)
            {
                int[] ids = encoding.Encode(item.Text, SpecialTokens.AsTokens);
                Assert.That(ids, Is.EqualTo(item.Ids), item.Text);

                // A name of a control token is split by the model before it encodes users' text, so that it stays text.
                if (ids.SequenceEqual(encoding.Encode(item.Text)))
                {
                    Assert.That(ids, Is.EqualTo(SharedSmolLM2.Model.Prompts.EncodeText(item.Text)), item.Text);
                }
            }
        });
    }

    [TestCaseSource(typeof(TinyModel), nameof(TinyModel.All))]
    public void GetService_TinyModel_GivesTheRecordedIds(string name)
    {
        using LocalChatClient client = TinyModel.Client(name);
        var encoding = (TokenEncoding?)client.GetService(typeof(TokenEncoding));
        Assert.That(encoding is null, Is.EqualTo(name.StartsWith("gemma", StringComparison.Ordinal) || name.StartsWith("mistral", StringComparison.Ordinal)), "pieces with a mark for spaces are no byte-level BPE");
        Assert.Multiple(() =>
        {
            foreach (TinyModel.Text text in TinyModel.ReadFixture(name).Texts)
            {
                Assert.That(encoding?.Encode(text.Value) ?? text.Ids, Is.EqualTo(text.Ids), text.Value);
            }
        });
    }
}
