using System.Text;
using CsCheck;
using Ensemble.Tokenization.Tests.Texts;

namespace Ensemble.Tokenization.Tests;

/// <summary>What holds for every text, whatever the vocabulary.</summary>
[TestFixtureSource(typeof(Encodings), nameof(Encodings.WithFile))]
internal sealed class EncodingLawTests(TokenEncoding encoding)
{
    [Test]
    public void Count_AnyText_IsTheNumberOfIds() =>
        TextGen.Any.Sample(text => encoding.Count(text) == encoding.Encode(text).Length);

    [Test]
    public void Decode_IdsOfAnyText_GivesTheTextBack() =>
        TextGen.Any.Sample(text => encoding.Decode(encoding.Encode(text)) == Sanitize(text));

    [Test]
    public void Count_Utf8_IsThatOfUtf16() =>
        TextGen.Any.Sample(text => encoding.Count(Encoding.UTF8.GetBytes(text)) == encoding.Count(text));

    [Test]
    public void Count_InvalidUtf16_IsThatOfReplacementCharacters() =>
        TextGen.Any.Sample(text => encoding.Count(Sanitize(text)) == encoding.Count(text));

    [Test]
    public void Count_AnyBytes_IsThatOfTheirDecodedText() =>
        Gen.Byte.Array[0, 300].Sample(bytes => encoding.Count(bytes) == encoding.Count(Encoding.UTF8.GetString(bytes)));

    [Test]
    public void FitsWithin_AnyText_IsTrueFromItsCountOn() =>
        TextGen.Any.Sample(text =>
        {
            long count = encoding.Count(text);
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            return encoding.FitsWithin(text, count) && encoding.FitsWithin(utf8, count)
                && (count == 0 || (!encoding.FitsWithin(text, count - 1) && !encoding.FitsWithin(utf8, count - 1)));
        });

    [Test]
    public void TryEncode_TooSmallDestination_WritesTheFirstIdsAndTellsTheCount() =>
        Gen.Select(TextGen.Any, Gen.Int[0, 50]).Sample((text, room) =>
        {
            int[] ids = encoding.Encode(text);
            var some = new int[room];
            bool fitted = encoding.TryEncode(text, some, out long tokens);
            int written = Math.Min(room, ids.Length);
            return fitted == (ids.Length <= room) && tokens == ids.Length && some.AsSpan(0, written).SequenceEqual(ids.AsSpan(0, written));
        });

    [Test]
    public void Counter_TextInParts_CountsAsTheWholeAfterEachPart() =>
        Gen.Select(TextGen.Any, Gen.Int[1, 40].Array[1, 20]).Sample((text, sizes) =>
        {
            TokenCounter counter = encoding.CreateCounter();
            int at = 0;
            for (int i = 0; at < text.Length; i++)
            {
                int size = Math.Min(sizes[i % sizes.Length], text.Length - at);
                counter.Append(text.AsSpan(at, size));
                at += size;
                if (counter.Count != encoding.Count(text.AsSpan(0, at)))
                {
                    return false;
                }
            }

            return counter.Count == encoding.Count(text);
        });

    [Test]
    public void Counter_RunThatGrowsByOne_CountsAsTheWhole() =>
        Gen.Select(TextGen.Mixed, TextGen.Pieces, TextGen.Mixed).Sample(
            (before, run, after) =>
            {
                TokenCounter counter = encoding.CreateCounter();
                string text = before + string.Concat(Enumerable.Repeat(run[..Math.Min(run.Length, 3)], 2_500))[..2_500] + run + after;
                counter.Append(text.AsSpan(0, before.Length + 2_450));
                for (int at = before.Length + 2_450; at < text.Length; at++)
                {
                    counter.Append(text.AsSpan(at, 1));
                    if (counter.Count != encoding.Count(text.AsSpan(0, at + 1)))
                    {
                        return false;
                    }
                }

                return true;
            },
            iter: 3);

    [Test]
    public void Counter_LongRunCharacterByCharacter_CountsEachTime([Values("a", " ", "한", "a한b漢", "\u0301", "क्", "👨\u200d👩\u200d", "-=", "'", "\n ", "Aあ")] string kind)
    {
        // Each count of the whole run anew would take minutes.
        TokenCounter counter = encoding.CreateCounter();
        string text = string.Concat(Enumerable.Repeat(kind, 10_000 / kind.Length));
        long last = 0;
        foreach (char unit in text)
        {
            counter.Append([unit]);
            last = counter.Count;
        }

        Assert.That(last, Is.EqualTo(encoding.Count(text)));
    }

    private static string Sanitize(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
