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
