using System.Buffers;
using System.Text;
using CsCheck;
using Ensemble.Tokenization.Tests.HuggingFace;
using Ensemble.Tokenization.Tests.Texts;
using Microsoft.ML.Tokenizers;

namespace Ensemble.Tokenization.Tests;

/// <summary>The adapter does what the library's own tokenizer does, on texts that the library splits right.</summary>
internal sealed class TokenizerAdapterTests
{
    private static readonly string[] Words = ["the ", "Hello", " world", "한국어 ", "\r\n", "  ", "123", "don't", "…", "日本語", "ᅡᆨ", "꺏뙣", "😀", "👍🏽"];

    // Without non-BMP letters and digits, where the library errs, and without lone surrogates.
    private static readonly Gen<string> Plain = Gen.OneOf(
        Gen.Char["abcXYZ .,!'\n\t0123456789éñ한글中文あ-_/"].Array[0, 60].Select(units => new string(units)),
        Gen.Int[0, Words.Length - 3].Select(i => Words[i]).Array[0, 20].Select(parts => string.Concat(parts)));

    private static readonly Gen<string> Texts = Gen.OneOf(Plain, Gen.Int[0, Words.Length - 1].Select(i => Words[i]).Array[0, 20].Select(parts => string.Concat(parts)));

    private static readonly Tokenizer Ours = TokenEncoding.O200kBase.AsTokenizer();
    private static readonly TiktokenTokenizer Library = TiktokenTokenizer.CreateForEncoding("o200k_base");

    [Test]
    public void EncodeToTokens_AnyText_GivesTheLibrarysTokensAndOffsets() =>
        Texts.Sample(text => Show(Ours.EncodeToTokens(text, out _)) == Show(Library.EncodeToTokens(text, out _)));

    [Test]
    public void EncodeToIds_AnyText_GivesTheLibrarysIds() =>
        Texts.Sample(text => Ours.EncodeToIds(text).SequenceEqual(Library.EncodeToIds(text)) && Ours.CountTokens(text) == Library.CountTokens(text));

    [Test]
    public void EncodeToIds_Limited_GivesTheLibrarysIdsAndEnd() =>
        Gen.Select(Texts, Gen.Int[1, 20]).Sample((text, limit) =>
            Ours.EncodeToIds(text, limit, out _, out int consumed).SequenceEqual(Library.EncodeToIds(text, limit, out _, out int expected)) && consumed == expected);

    [Test]
    public void GetIndexByTokenCount_AnyText_IsTheLibrarys() =>
        Gen.Select(Texts, Gen.Int[1, 20]).Sample((text, limit) =>
            Ours.GetIndexByTokenCount(text, limit, out _, out int count) == Library.GetIndexByTokenCount(text, limit, out _, out int expected) && count == expected);

    [Test]
    public void GetIndexByTokenCountFromEnd_AnyText_IsTheLibrarys() =>
        Gen.Select(Texts, Gen.Int[1, 20]).Sample((text, limit) =>
            Ours.GetIndexByTokenCountFromEnd(text, limit, out _, out int count) == Library.GetIndexByTokenCountFromEnd(text, limit, out _, out int expected) && count == expected);

    [Test]
    public void Decode_IdsOfAnyText_GivesTheTextBack() =>
        Texts.Sample(text => Ours.Decode(Ours.EncodeToIds(text)) == text);

    [Test]
    public void Decode_IntoASpan_WritesWholeCharactersAndTellsWhereToGoOn() =>
        Gen.Select(Texts, Gen.Int[0, 40]).Sample((text, room) =>
        {
            int[] ids = [.. Ours.EncodeToIds(text)];
            var first = new char[room];
            OperationStatus status = Ours.Decode(ids, first, out int consumed, out int written);
            string rest = Ours.Decode(ids[consumed..]);
            return (status == OperationStatus.Done) == (text.Length <= room) && new string(first, 0, written) + rest == text;
        });

    [Test]
    public void Decode_UnknownIdIntoASpan_IsInvalidData() =>
        Assert.That(Ours.Decode([0, int.MaxValue], new char[10], out _, out _), Is.EqualTo(OperationStatus.InvalidData));

    [Test]
    public void EncodeToTokens_AnyTextAtAll_HasTokensThatCoverIt() =>
        TextGen.Any.Sample(text =>
        {
            IReadOnlyList<EncodedToken> tokens = Ours.EncodeToTokens(text, out _);
            int end = 0;
            foreach (EncodedToken token in tokens)
            {
                // What a token shares with the one before it is a character that it goes on with.
                if (token.Offset.Start.Value > end || token.Offset.End.Value < end || token.Value != text[token.Offset])
                {
                    return false;
                }

                end = token.Offset.End.Value;
            }

            return end == text.Length && tokens.Select(token => token.Id).SequenceEqual(TokenEncoding.O200kBase.Encode(text));
        });

    [Test]
    public void EncodeToTokens_NormalizedText_HasOffsetsInIt()
    {
        Tokenizer tokenizer = TokenizerJson.With("normalizer", """{ "type": "NFC" }""").Load().AsTokenizer();

        IReadOnlyList<EncodedToken> tokens = tokenizer.EncodeToTokens("e\u0301 hello", out string? normalized);

        Assert.That(normalized, Is.EqualTo("\u00e9 hello"));
        Assert.That(tokens[^1].Offset, Is.EqualTo(1..7));
        Assert.That(tokenizer.CountTokens("e\u0301 hello"), Is.EqualTo(tokens.Count));
        Assert.That(tokenizer.CountTokens("e\u0301 hello", considerNormalization: false), Is.EqualTo(tokens.Count + 1));
    }

    private static string Show(IReadOnlyList<EncodedToken> tokens) =>
        string.Join("\n", tokens.Select(token => $"{token.Id} {token.Offset} {Convert.ToHexString(Encoding.Unicode.GetBytes(token.Value))}"));
}
