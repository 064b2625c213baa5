using CsCheck;

namespace Ensemble.Onnx.Tests.Encoders;

public sealed class InputTemplateTests
{
    private static readonly InputTemplate Bert = InputTemplate.Bert(101, 102);

    private static readonly InputTemplate Roberta = InputTemplate.Roberta(0, 2);

    [Test]
    public void Bert_Pair_HasTheSecondTypeFromItsSecondTextOn()
    {
        EncoderInput pair = Bert.Apply([5, 6], [7], 16);

        Assert.That((pair.Ids, pair.SecondFrom), Is.EqualTo(((int[])[101, 5, 6, 102, 7, 102], 4)));
    }

    [Test]
    public void Roberta_Pair_HasTwoMarksBetweenAndOneType()
    {
        EncoderInput pair = Roberta.Apply([5, 6], [7], 16);

        Assert.That((pair.Ids, pair.SecondFrom), Is.EqualTo(((int[])[0, 5, 6, 2, 2, 7, 2], 7)));
    }

    [TestCase(2, 9, 2, 5)]
    [TestCase(9, 2, 5, 2)]
    [TestCase(9, 9, 3, 4)]
    [TestCase(10, 9, 4, 3)]
    [TestCase(3, 4, 3, 4)]
    [TestCase(0, 9, 0, 7)]
    public void Pair_TooLong_LosesTheEndOfTheLongerText(int first, int second, int keptFirst, int keptSecond)
    {
        int[] ids = Bert.Apply(Enumerable.Repeat(7, first).ToArray(), Enumerable.Repeat(8, second).ToArray(), 10).Ids;

        Assert.That((ids.Count(id => id == 7), ids.Count(id => id == 8)), Is.EqualTo((keptFirst, keptSecond)));
    }

    [Test]
    public void AnyTexts_FitAndKeepAllTheirMarks() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 40], Gen.Int[6, 50]).Sample(
            (a, b, most) =>
            {
                int[] first = Enumerable.Repeat(7, a).ToArray();
                int[] second = Enumerable.Repeat(8, b).ToArray();
                int[] pair = Roberta.Apply(first, second, most).Ids;
                int[] single = Bert.Apply(first, most).Ids;
                return pair.Length == Math.Min(most, a + b + 4) && pair.Count(id => id is 0 or 2) == 4 && single.Length == Math.Min(most, a + 2) && single[^1] == 102;
            },
            iter: 300);
}
