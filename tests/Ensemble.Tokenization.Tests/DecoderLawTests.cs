using CsCheck;
using Ensemble.Tokenization.Tests.Texts;

namespace Ensemble.Tokenization.Tests;

/// <summary>Tokens decoded one by one give the text of the whole, in whole characters.</summary>
[TestFixtureSource(typeof(Encodings), nameof(Encodings.WithFile))]
internal sealed class DecoderLawTests(TokenEncoding encoding)
{
    [Test]
    public void Append_IdsOfAnyText_GiveTheTextInWholeCharacters() =>
        TextGen.Any.Sample(text =>
        {
            int[] ids = encoding.Encode(text);
            string[] parts = Decode(ids);
            return string.Concat(parts) == encoding.Decode(ids) && parts.All(part => part.Length == 0 || (!char.IsHighSurrogate(part[^1]) && !char.IsLowSurrogate(part[0])));
        });

    [Test]
    public void Append_AnyIds_GiveWhatTheyDecodeToAtOnce() =>
        Gen.Int[0, 49_000].Array[0, 60].Sample(ids => string.Concat(Decode(ids)) == encoding.Decode(ids));

    [Test]
    public void Append_AllAtOnce_IsTheSame() =>
        Gen.Int[0, 49_000].Array[0, 60].Sample(ids =>
        {
            TokenDecoder decoder = encoding.CreateDecoder();
            return decoder.Append(ids) + decoder.Finish() == encoding.Decode(ids);
        });

    [Test]
    public void Append_AfterFinish_StartsOver()
    {
        TokenDecoder decoder = encoding.CreateDecoder();
        int[] ids = encoding.Encode("\U0002a6a5");

        Assert.That(decoder.Append(ids[0]) + decoder.Finish(), Is.EqualTo("\ufffd"));
        Assert.That(decoder.Append(ids) + decoder.Finish(), Is.EqualTo("\U0002a6a5"));
    }

    [Test]
    public void Append_UnknownId_TakesNothing()
    {
        TokenDecoder decoder = encoding.CreateDecoder();

        Assert.That(() => decoder.Append([0, 300_000]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(decoder.Finish(), Is.Empty);
    }

    [Test]
    public void Decode_SpecialTokens_AreTheirNames() =>
        Assert.That(
            encoding.SpecialTokenIds,
            Is.Not.Empty.And.All.Matches<KeyValuePair<string, int>>(token => encoding.Decode([token.Value]) == token.Key
                && encoding.Encode(token.Key, SpecialTokens.AsTokens) is [var id] && id == token.Value
                && encoding.Count(token.Key) > 1));

    [Test]
    public void Encode_TextWithNamesOfSpecialTokens_PartsAtTheNames() =>
        Gen.Select(TextGen.Mixed, TextGen.Mixed).Sample((before, after) =>
        {
            string text = before + "<|endoftext|>" + after;
            int[] ids = [.. encoding.Encode(before), encoding.SpecialTokenIds["<|endoftext|>"], .. encoding.Encode(after)];
            return encoding.Encode(text, SpecialTokens.AsTokens).AsSpan().SequenceEqual(ids) && encoding.Count(text, SpecialTokens.AsTokens) == ids.Length;
        });

    private string[] Decode(int[] ids)
    {
        TokenDecoder decoder = encoding.CreateDecoder();
        return [.. ids.Select(decoder.Append), decoder.Finish()];
    }
}
