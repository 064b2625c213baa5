using System.Text;
using CsCheck;
using Ensemble.Tokenization.Normalizing;

namespace Ensemble.Tokenization.Tests.HuggingFace;

/// <summary>Encodings whose tokenizer file asks for a normalization form.</summary>
internal sealed class NormalizingTests
{
    private static readonly string[] Marked = ["\u0301", "\u0323", "e", "\u0327", "\u1161", "\u1112", "ö"];

    private static readonly TokenEncoding Encoding = TokenizerJson.With("normalizer", """{ "type": "NFC" }""").Load();

    [Test]
    public void Cuts_BeforeAnyCharacterThatAllowsOne_LeavePartsThatNormalizeOnTheirOwn()
    {
        var normalizer = new TextNormalizer(NormalizationForm.FormC);
        string[] before = ["e", "A\u030A", "\u1112", "\uD558", "\u0915", "\u0BC6", "\u3046", "\u1025", "<"];
        for (char unit = '\u0001'; unit < '\uD800'; unit++)
        {
            if (normalizer.FirstCut([unit]) < 0)
            {
                continue;
            }

            foreach (string head in before)
            {
                if ((head + unit).Normalize() != head.Normalize() + unit.ToString().Normalize())
                {
                    Assert.Fail($"{head} U+{(int)unit:X4}");
                }
            }
        }
    }

    [Test]
    public void IsNormalized_AnyCharacter_IsWhatThePlatformSays()
    {
        var normalizer = new TextNormalizer(NormalizationForm.FormC);
        for (int point = 1; point <= 0x10FFFF; point++)
        {
            if (point is < 0xD800 or > 0xDFFF && (point & 0xFFFF) != 0xFFFE)
            {
                string text = "a" + char.ConvertFromUtf32(point);
                if (normalizer.IsNormalized(text) != text.IsNormalized())
                {
                    Assert.Fail($"U+{point:X4}");
                }
            }
        }
    }

    [TestCase("a\uFFFEe\u0301\uFFFE\uFFFE")]
    [TestCase("\uFFFE")]
    [TestCase("e\u0301\uD83C\uFFFE")]
    public void Count_WhatThePlatformRefuses_IsThatOfTheNormalizedParts(string text)
    {
        string normalized = string.Join('\uFFFE', text.Replace('\uD83C', '\uFFFD').Split('\uFFFE').Select(part => part.Normalize()));

        Assert.That(Encoding.Count(text), Is.EqualTo(Encoding.CountWithoutNormalizing(normalized)));
        Assert.That(Encoding.Encode(text), Is.EqualTo(Encoding.Encode(normalized)));
    }

    [Test]
    public void IndexOfLimit_SyllablesInParts_IsTheLongestThatFits([Values] TextEnd keep)
    {
        string text = string.Concat(Enumerable.Repeat("\u1112\u1161\u11AB", 4_000));

        int cut = Encoding.IndexOfLimit(text, 500, keep);
        ReadOnlySpan<char> kept = keep == TextEnd.Head ? text.AsSpan(0, cut) : text.AsSpan(cut);

        Assert.That(Encoding.Count(kept), Is.LessThanOrEqualTo(500));
        Assert.That(kept.Length, Is.GreaterThan(0));
        Assert.That(cut % 3, Is.Zero);
        for (int more = 1; more <= 3; more++)
        {
            Assert.That(Encoding.FitsWithin(keep == TextEnd.Head ? text.AsSpan(0, cut + more) : text.AsSpan(cut - more), 500), Is.False, $"{more} more");
        }
    }

    [TestCase(TextEnd.Head)]
    [TestCase(TextEnd.Tail)]
    public void IndexOfLimit_ManyLettersOfAnotherPlane_IsTheLongestThatFits(TextEnd keep)
    {
        // Nothing says where such letters part, so that all of them normalize together with what is not normalized.
        string letters = string.Concat(Enumerable.Repeat("\U00010330", 2_000));
        string text = keep == TextEnd.Head ? letters + "e\u0301" : "e\u0301" + letters;
        long limit = Encoding.Count(letters) / 2;

        int cut = Encoding.IndexOfLimit(text, limit, keep);
        int kept = keep == TextEnd.Head ? cut : text.Length - cut;

        Assert.That(kept, Is.EqualTo(2_000));
    }

    [Test]
    public void IndexOfLimit_ManyMarksInAnotherOrder_IsTheLongestThatFits([Values] TextEnd keep) =>
        Gen.Select(Gen.Int[0, Marked.Length - 1].Select(i => Marked[i]).Array[40, 120], Gen.Int[1, 60]).Sample(
            (parts, limit) =>
            {
                string text = string.Concat(parts);
                int cut = Encoding.IndexOfLimit(text, limit, keep);
                int expected = keep == TextEnd.Head
                    ? Enumerable.Range(0, text.Length + 1).Last(at => Encoding.Count(text.AsSpan(0, at)) <= limit)
                    : Enumerable.Range(0, text.Length + 1).First(at => Encoding.Count(text.AsSpan(at)) <= limit);

                // Behind the next place where all normalizes in parts, a longer one may fit by chance.
                return Encoding.Count(keep == TextEnd.Head ? text.AsSpan(0, cut) : text.AsSpan(cut)) <= limit && Math.Abs(expected - cut) <= 3;
            },
            iter: 40);

    [TestCase("\u1112\u1161\u11AB")]
    [TestCase("e\u0301")]
    [TestCase("😀")]
    public void Counter_UnitByUnit_CountsAsTheWhole(string repeated)
    {
        string text = string.Concat(Enumerable.Repeat(repeated, 6_000 / repeated.Length));
        TokenCounter counter = Encoding.CreateCounter();
        foreach (char unit in text)
        {
            counter.Append([unit]);
            _ = counter.Count;
        }

        Assert.That(counter.Count, Is.EqualTo(Encoding.Count(text)));
    }

    [Test]
    public void Count_NormalizedText_AllocatesNothing()
    {
        string text = string.Concat(Enumerable.Repeat("Ça va? “Tagged” ελληνικά 한글 😀 עברית. ", 500));
        byte[] utf8 = System.Text.Encoding.UTF8.GetBytes(text);
        _ = Encoding.Count(text) + Encoding.Count(utf8);

        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = Encoding.Count(text) + Encoding.Count(utf8);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
