using CsCheck;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class StopSequenceFilterTests
{
    private static readonly Gen<string> GenText = Gen.String[Gen.Char["ab "], 0, 30];

    [Test]
    public void HoweverTheTextIsCut_ItEndsBeforeTheStop() =>
        Gen.Select(GenText, Gen.String[Gen.Char["ab "], 1, 5], Gen.Int[1, 6].Array[30]).Sample((text, stop, cuts) =>
        {
            int at = text.IndexOf(stop, StringComparison.Ordinal);
            return Filter([stop], Cut(text, cuts)) == (at < 0 ? text : text[..at]);
        });

    [Test]
    public void WithoutAStop_EveryPieceGoesThroughAtOnce()
    {
        StopSequenceFilter filter = new([]);
        Assert.That(filter.Add("abc"), Is.EqualTo("abc"));
        Assert.That(filter.Finish(), Is.Empty);
    }

    [Test]
    public void TheBeginningOfAStop_IsHeldBack_AndComesWhenItIsNone()
    {
        StopSequenceFilter filter = new(["\nUser:", "END"]);
        Assert.That(filter.Add("Hello\nUs"), Is.EqualTo("Hello"));
        Assert.That(filter.Add("ually E"), Is.EqualTo("\nUsually "));
        Assert.That(filter.Finish(), Is.EqualTo("E"));
        Assert.That(filter.IsStopped, Is.False);
    }

    [Test]
    public void OfSeveralStops_TheEarliestCounts() => Assert.That(Filter(["world", "lo"], ["hello world"]), Is.EqualTo("hel"));

    private static string Filter(string[] stops, IEnumerable<string> pieces)
    {
        StopSequenceFilter filter = new(stops);
        string text = "";
        foreach (string piece in pieces)
        {
            text += filter.Add(piece);
            if (filter.IsStopped)
            {
                return text;
            }
        }

        return text + filter.Finish();
    }

    private static IEnumerable<string> Cut(string text, int[] cuts)
    {
        int start = 0;
        for (int index = 0; start < text.Length; index++)
        {
            int length = Math.Min(cuts[index], text.Length - start);
            yield return text.Substring(start, length);
            start += length;
        }
    }
}
