using System.Text.Json.Nodes;
using CsCheck;
using Ensemble.Tokenization.Tests.Texts;

namespace Ensemble.Tokenization.Tests.HuggingFace;

/// <summary>What the parts of a tokenizer file mean.</summary>
internal sealed class TokenizerFileTests
{
    private const int End = 261;
    private const int Hello = 259;
    private const int SpaceHello = 260;

    [Test]
    public void Encode_MergesAsPairsOrAsText_AreTheSame()
    {
        TokenEncoding text = TokenizerJson.With("model.merges", """["h e", "l l", "he ll", "hell o", "Ġ hello"]""").Load();

        Assert.That(text.Encode("hello hello"), Is.EqualTo((int[])[Hello, SpaceHello]).And.EqualTo(TokenizerJson.Create().Load().Encode("hello hello")));
    }

    [Test]
    public void Encode_IgnoreMerges_TakesAWholePieceThatNoMergesLeadTo([Values] bool ignoreMerges)
    {
        JsonObject file = TokenizerJson.With("model.ignore_merges", ignoreMerges ? "true" : "false");
        file["model"]!["vocab"]!["xyz"] = 262;

        Assert.That(file.Load().Encode("xyz"), ignoreMerges ? Is.EqualTo((int[])[262]) : Has.Length.EqualTo(3));
    }

    [Test]
    public void Encode_SpecialTokens_AreTextUnlessAskedFor()
    {
        TokenEncoding encoding = TokenizerJson.Create().Load();

        Assert.That(encoding.Encode("hello<|end|>"), Has.Length.EqualTo(8));
        Assert.That(encoding.Encode("hello<|end|>", SpecialTokens.AsText), Is.EqualTo(encoding.Encode("hello<|end|>")));
        Assert.That(encoding.Encode("hello<|end|> hello", SpecialTokens.AsTokens), Is.EqualTo((int[])[Hello, End, SpaceHello]));
        Assert.That(encoding.Encode("hello<|end|> hello"u8, SpecialTokens.AsTokens), Is.EqualTo((int[])[Hello, End, SpaceHello]));
        Assert.That(encoding.Decode([Hello, End, SpaceHello]), Is.EqualTo("hello<|end|> hello"));
        Assert.That(encoding.SpecialTokenIds, Is.EqualTo(new Dictionary<string, int> { ["<|end|>"] = End }));
    }

    [TestCase("lstrip", "hello \n <|end|> hello", new[] { Hello, End, SpaceHello })]
    [TestCase("rstrip", "hello<|end|> \n hello", new[] { Hello, End, Hello })]
    public void Encode_StrippingToken_TakesTheWhiteSpaceAlong(string flag, string text, int[] ids) =>
        Assert.That(TokenizerJson.With($"added_tokens.0.{flag}", "true").Load().Encode(text, SpecialTokens.AsTokens), Is.EqualTo(ids));

    [Test]
    public void Encode_NamesThatOverlap_TheLongestOfTheLeftmostIsMeant()
    {
        JsonObject file = TokenizerJson.Create();
        var tokens = (JsonArray)file["added_tokens"]!;
        tokens.Add(TokenizerJson.AddedToken(262, "<|end|>>"));
        tokens.Add(TokenizerJson.AddedToken(263, "end|>>>>"));

        Assert.That(file.Load().Encode("<|end|>>>", SpecialTokens.AsTokens), Is.EqualTo((int[])[262, '>']));
    }

    [Test]
    public void Encode_NormalizedToken_IsFoundInNormalizedText()
    {
        JsonObject file = TokenizerJson.With("normalizer", """{ "type": "NFC" }""");
        JsonObject token = TokenizerJson.AddedToken(262, "<\u00e9>");
        token["normalized"] = true;
        ((JsonArray)file["added_tokens"]!).Add(token);

        Assert.That(file.Load().Encode("hello<e\u0301><|end|>", SpecialTokens.AsTokens), Is.EqualTo((int[])[Hello, 262, End]));
    }

    [TestCase("NFC", "e\u0301", "\u00e9")]
    [TestCase("NFD", "\u00e9", "e\u0301")]
    [TestCase("NFKC", "\ufb01", "fi")]
    [TestCase("NFKD", "\ufb01\u00e9", "fie\u0301")]
    [TestCase("NFC", "\u1112\u1161\u11ab", "\ud55c")]
    public void Encode_TextInAnotherForm_IsNormalizedFirst(string form, string text, string normalized)
    {
        TokenEncoding plain = TokenizerJson.Create().Load();
        TokenEncoding encoding = TokenizerJson.With("normalizer", $$"""{ "type": "Sequence", "normalizers": [{ "type": "{{form}}" }] }""").Load();

        Assert.That(encoding.Encode(text), Is.EqualTo(plain.Encode(normalized)));
    }

    [Test]
    public void Encode_InvalidUtf16BeforeNormalizing_IsReplaced()
    {
        TokenEncoding encoding = TokenizerJson.With("normalizer", """{ "type": "NFC" }""").Load();

        Assert.That(encoding.Encode("e\u0301\ud800"), Is.EqualTo(encoding.Encode("\u00e9\ufffd")));
    }

    [Test]
    public void Counter_NormalizedTextInParts_CountsAsTheWholeAfterEachPart([Values("NFC", "NFKD")] string form)
    {
        TokenEncoding encoding = TokenizerJson.With("normalizer", $$"""{ "type": "{{form}}" }""").Load();
        Gen.Select(TextGen.Mixed, Gen.Int[1, 5]).Sample((text, size) =>
        {
            TokenCounter counter = encoding.CreateCounter();
            for (int at = 0; at < text.Length; at += size)
            {
                counter.Append(text.AsSpan(at, Math.Min(size, text.Length - at)));
                if (counter.Count != encoding.Count(text.AsSpan(0, Math.Min(at + size, text.Length))))
                {
                    return false;
                }
            }

            return counter.Count == encoding.Count(text);
        });
    }

    [Test]
    public void IndexOfLimit_TextInAnotherForm_StaysWithinTheLimit([Values] TextEnd keep, [Values] TextUnit unit)
    {
        TokenEncoding encoding = TokenizerJson.With("normalizer", """{ "type": "NFC" }""").Load();
        Gen.Select(TextGen.Mixed, Gen.Int[0, 30]).Sample((text, limit) =>
        {
            int cut = encoding.IndexOfLimit(text, limit, keep, unit);
            return encoding.Count(keep == TextEnd.Head ? text.AsSpan(0, cut) : text.AsSpan(cut)) <= limit
                && (!encoding.FitsWithin(text, limit) || cut == (keep == TextEnd.Head ? text.Length : 0));
        });
    }

    [Test]
    public void Decode_TokenOutsideTheByteAlphabet_IsItsText()
    {
        JsonObject file = TokenizerJson.Create();
        file["model"]!["vocab"]!["<｜end▁of▁text｜>"] = 262;

        Assert.That(file.Load().Decode([262, Hello]), Is.EqualTo("<｜end▁of▁text｜>hello"));
    }
}
