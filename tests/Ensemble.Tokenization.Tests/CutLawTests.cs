using System.Globalization;
using System.Text;
using CsCheck;
using Ensemble.Tokenization.Tests.Texts;

namespace Ensemble.Tokenization.Tests;

/// <summary>A cut never exceeds the limit, splits nothing it should not, and no longer part would have fitted.</summary>
[TestFixtureSource(typeof(Encodings), nameof(Encodings.WithFile))]
internal sealed class CutLawTests(TokenEncoding encoding)
{
    private static readonly Gen<string> Texts = Gen.OneOf(TextGen.Mixed, TextGen.Letters.Select(text => text[..Math.Min(text.Length, 60)]));

    // Long enough that pieces are encoded once and most cuts left out, short enough to try them all.
    private static readonly Gen<string> Runs = Gen.OneOf(TextGen.Run, TextGen.Letters, TextGen.Pieces);

    [Test]
    public void IndexOfLimit_Head_IsTheLastCutThatFits([Values] TextUnit unit) =>
        Gen.Select(Texts, Gen.Int[0, 30]).Sample((text, limit) =>
            encoding.IndexOfLimit(text, limit, TextEnd.Head, unit) == Cuts(text, unit).Last(cut => encoding.Count(text.AsSpan(0, cut)) <= limit));

    [Test]
    public void IndexOfLimit_Tail_IsTheFirstCutThatFits([Values] TextUnit unit) =>
        Gen.Select(Texts, Gen.Int[0, 30]).Sample((text, limit) =>
            encoding.IndexOfLimit(text, limit, TextEnd.Tail, unit) == Cuts(text, unit).First(cut => encoding.Count(text.AsSpan(cut)) <= limit));

    [Test]
    public void IndexOfLimit_LongRun_IsTheLongestPartThatFits([Values] TextEnd keep, [Values] TextUnit unit) =>
        Gen.Select(Runs, Gen.Int[0, 300]).Sample(
            (text, limit) =>
            {
                List<int> cuts = Cuts(text, unit);
                int expected = keep == TextEnd.Head
                    ? cuts.Last(cut => encoding.Count(text.AsSpan(0, cut)) <= limit)
                    : cuts.First(cut => encoding.Count(text.AsSpan(cut)) <= limit);
                return encoding.IndexOfLimit(text, limit, keep, unit) == expected;
            },
            iter: 25);

    [Test]
    public void IndexOfLimit_MillionOfOneKind_EndsAtACutThatIsRightAtItsEdges(
        [Values("a", " ", "中C", "\n     ", "7", "\u0301", "👩‍👩‍👧")] string kind,
        [Values] TextEnd keep,
        [Values(1, 100)] int limit)
    {
        string text = string.Concat(Enumerable.Repeat(kind, 1_000_000 / kind.Length)) + "d";

        int cut = encoding.IndexOfLimit(text, limit, keep);

        // The cuts around it are as one by one; those of other sizes are the laws' above.
        for (int other = Math.Max(0, cut - 3); other <= Math.Min(text.Length, cut + 3); other++)
        {
            bool longer = keep == TextEnd.Head ? other > cut : other < cut;
            bool fits = encoding.FitsWithin(keep == TextEnd.Head ? text.AsSpan(0, other) : text.AsSpan(other), limit);
            Assert.That(other == cut ? fits : !(longer && fits) || SplitsPair(text, other), Is.True, $"{other} beside {cut}");
        }
    }

    [Test]
    public void IndexOfLimit_Utf8_IsTheSameCut([Values] TextEnd keep, [Values] TextUnit unit) =>
        Gen.Select(Texts, Gen.Int[0, 30]).Sample((text, limit) =>
        {
            string valid = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            int cut = encoding.IndexOfLimit(valid, limit, keep, unit);
            return encoding.IndexOfLimit(Encoding.UTF8.GetBytes(text), limit, keep, unit) == Encoding.UTF8.GetByteCount(valid.AsSpan(0, cut));
        });

    [Test]
    public void IndexOfLimit_MuchMoreTextBehindOrBefore_ChangesNothing([Values] TextUnit unit, [Values("x", "é", "한", "\ud83d\ude00", "\ud800")] string more) =>
        Gen.Select(Texts, Gen.Int[0, 3]).Sample(
            (text, limit) =>
            {
                // What the text itself says holds as long as the cut is clear of where the two meet.
                string padding = string.Concat(Enumerable.Repeat(more, 2_000)) + "\n1. ";
                int head = encoding.IndexOfLimit(text + "\n1. " + padding, limit, TextEnd.Head, unit);
                int tail = encoding.IndexOfLimit(padding + text, limit, TextEnd.Tail, unit);
                byte[] behind = Encoding.UTF8.GetBytes(text + "\n1. " + padding);
                byte[] before = Encoding.UTF8.GetBytes(padding + text);
                string texts = text + "\n1. ";
                return (head >= text.Length || head == encoding.IndexOfLimit(texts, limit, TextEnd.Head, unit))
                    && (tail <= padding.Length || tail - padding.Length == encoding.IndexOfLimit(text, limit, TextEnd.Tail, unit))
                    && encoding.IndexOfLimit(behind, limit, TextEnd.Head, unit) == Encoding.UTF8.GetByteCount((texts + padding).AsSpan(0, head))
                    && encoding.IndexOfLimit(before, limit, TextEnd.Tail, unit) == Encoding.UTF8.GetByteCount((padding + text).AsSpan(0, tail));
            },
            iter: 10);

    [Test]
    public void IndexOfLimit_UnknownEndOrUnit_IsRefused()
    {
        Assert.That(() => encoding.IndexOfLimit("text", 1, (TextEnd)7), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("keep"));
        Assert.That(() => encoding.IndexOfLimit("text"u8, 1, TextEnd.Head, (TextUnit)7), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("unit"));
    }

    private static List<int> Cuts(string text, TextUnit unit)
    {
        var cuts = new List<int> { 0 };
        for (int at = 0; at < text.Length; cuts.Add(at))
        {
            at += unit == TextUnit.Grapheme
                ? StringInfo.GetNextTextElementLength(text, at)
                : char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        }

        return cuts;
    }

    private static bool SplitsPair(string text, int index) =>
        index > 0 && index < text.Length && char.IsHighSurrogate(text[index - 1]) && char.IsLowSurrogate(text[index]);
}
